using System.Globalization;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.Salesforce.Endpoints;

/// <summary>What there is at all: versions, resources, limits.</summary>
internal sealed class OrgEndpoints(ApiUsage usage, int oldest, int newest)
{
    public Answer Versions(SimulatorRequest request)
    {
        request.Kind = "versions";
        return Answer.Json(200, w =>
        {
            w.WriteStartArray();
            for (var v = oldest; v <= newest; v++)
            {
                var season = (v % 3) switch { 0 => "Spring", 1 => "Summer", _ => "Winter" };
                w.WriteStartObject();
                w.WriteString("label", string.Create(CultureInfo.InvariantCulture, $"{season} '{(v % 3 == 2 ? v - 2 : v - (v % 3)) / 3 + (v % 3 == 2 ? 5 : 4):00}"));
                w.WriteString("url", string.Create(CultureInfo.InvariantCulture, $"/services/data/v{v}.0"));
                w.WriteString("version", string.Create(CultureInfo.InvariantCulture, $"{v}.0"));
                w.WriteEndObject();
            }

            w.WriteEndArray();
        });
    }

    public Answer Resources(SimulatorRequest request, string version)
    {
        request.Kind = "resources";
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            foreach (var name in (string[])["composite", "jobs", "limits", "query", "queryAll", "sobjects", "tooling"])
            {
                w.WriteString(name, $"/services/data/{version}/{name}");
            }

            w.WriteEndObject();
        });
    }

    public Answer Limits(SimulatorRequest request)
    {
        request.Kind = "limits";
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            One("DailyApiRequests", usage.Limit, Math.Max(0, usage.Limit - usage.Used));
            One("DailyBulkApiBatches", 15_000, 15_000);
            One("DailyBulkV2QueryJobs", 10_000, 10_000);
            One("DataStorageMB", 1_024, 1_000);
            One("FileStorageMB", 1_024, 1_024);
            One("HourlyPublishedPlatformEvents", 50_000, 50_000);
            w.WriteEndObject();

            void One(string name, int most, int remaining)
            {
                w.WriteStartObject(name);
                w.WriteNumber("Max", most);
                w.WriteNumber("Remaining", remaining);
                w.WriteEndObject();
            }
        });
    }
}
