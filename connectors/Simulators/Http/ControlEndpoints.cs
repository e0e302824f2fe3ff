using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using WorkflowEngine.Simulators.Faults;

namespace WorkflowEngine.Simulators.Http;

/// <summary>The controls both simulators have: faults, statistics, records, clock, reset. Unauthenticated, on loopback only.</summary>
internal sealed class ControlEndpoints(Simulator simulator)
{
    private static readonly JsonSerializerOptions Rules = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    public Answer Handle(SimulatorRequest request) => (request.Method, request.Segments) switch
    {
        ("GET", []) => Answer.Text(200, RecordsPage.Render(simulator), "text/html; charset=utf-8"),
        (_, ["favicon.ico"]) => Answer.Empty(204),
        ("GET", ["_health"]) => Answer.Json(200, w => { w.WriteStartObject(); w.WriteString("status", "ok"); w.WriteEndObject(); }),
        ("POST", ["_faults"]) => AddFaults(request),
        ("GET", ["_faults"]) => ListFaults(),
        ("DELETE", ["_faults"]) => Done(simulator.Faults.Clear),
        ("DELETE", ["_faults", var number]) => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && simulator.Faults.Remove(n)
            ? Answer.Empty(204) : Problem(404, "There is no fault rule with this number."),
        ("GET", ["_stats"]) => Statistics(),
        ("DELETE", ["_stats"]) => Done(() => { simulator.Statistics.Clear(); simulator.Faults.ResetCounts(); }),
        ("GET", ["_calls"]) => Calls(request),
        ("GET", ["_records"]) => Answer.Json(200, w => simulator.WriteRecords(w, request.Value("type"), request.Value("deleted") == "true")),
        ("POST", ["_reset"]) => Done(simulator.Reset),
        ("GET", ["_clock"]) => ClockAnswer(),
        ("POST", ["_clock"]) => AdvanceClock(request),
        _ => simulator.HandleControl(request) ?? Problem(404, "There is no such control. See the README of the simulators."),
    };

    public static Answer Problem(int status, string message) => Answer.Json(status, w =>
    {
        w.WriteStartObject();
        w.WriteString("error", message);
        w.WriteEndObject();
    });

    private static Answer Done(Action act)
    {
        act();
        return Answer.Empty(204);
    }

    private Answer AddFaults(SimulatorRequest request)
    {
        List<FaultRule>? rules;
        try
        {
            var text = request.Body.AsSpan();
            rules = text.TrimStart(" \t\r\n"u8).StartsWith("["u8)
                ? JsonSerializer.Deserialize<List<FaultRule>>(text, Rules)
                : JsonSerializer.Deserialize<FaultRule>(text, Rules) is { } one ? [one] : null;
        }
        catch (JsonException e)
        {
            return Problem(400, $"The fault rules cannot be read: {e.Message}");
        }

        if (rules is null || rules.Contains(null!))
        {
            return Problem(400, "One fault rule or a list of them is expected.");
        }

        var numbers = rules.Select(simulator.Faults.Add).ToList();
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteStartArray("numbers");
            numbers.ForEach(n => w.WriteNumberValue(n));
            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    private Answer ListFaults() => Answer.Json(200, w =>
    {
        w.WriteStartArray();
        foreach (var (number, rule, matched, struck) in simulator.Faults.Rules)
        {
            w.WriteStartObject();
            w.WriteNumber("number", number);
            w.WriteNumber("matched", matched);
            w.WriteNumber("struck", struck);
            w.WritePropertyName("rule");
            JsonSerializer.Serialize(w, rule, Rules);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    });

    private Answer Statistics() => Answer.Json(200, w =>
    {
        w.WriteStartObject();
        w.WriteNumber("total", simulator.Statistics.Total);
        w.WriteNumber("mostAtOnce", simulator.Statistics.MostAtOnce);
        Counts("calls", simulator.Statistics.Calls);
        Counts("rows", simulator.Statistics.Rows);
        Counts("statuses", simulator.Statistics.Statuses);
        Counts("faults", simulator.Faults.Struck);
        w.WriteEndObject();

        void Counts(string name, IReadOnlyDictionary<string, int> counts)
        {
            w.WriteStartObject(name);
            foreach (var (key, count) in counts)
            {
                w.WriteNumber(key, count);
            }

            w.WriteEndObject();
        }
    });

    private Answer Calls(SimulatorRequest request) => Answer.Json(200, w =>
    {
        w.WriteStartArray();
        foreach (var call in simulator.Statistics.Recent.Where(c => request.Value("kind") is not { } kind || c.Kind == kind))
        {
            w.WriteStartObject();
            w.WriteString("at", call.At.UtcDateTime);
            w.WriteString("kind", call.Kind);
            w.WriteString("method", call.Method);
            w.WriteString("path", call.Path);
            w.WriteNumber("status", call.Status);
            w.WriteString("ending", call.Ending);
            w.WriteNumber("rows", call.Rows);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    });

    private Answer ClockAnswer() => Answer.Json(200, w =>
    {
        w.WriteStartObject();
        w.WriteString("now", simulator.Clock.GetUtcNow().UtcDateTime);
        w.WriteEndObject();
    });

    private Answer AdvanceClock(SimulatorRequest request)
    {
        if (!request.TryReadJson(out var body) || body.ValueKind is not JsonValueKind.Object
            || !body.TryGetProperty("advanceSeconds", out var by) || by.ValueKind is not JsonValueKind.Number
            || !by.TryGetDouble(out var seconds) || seconds is < 0 or > 3e9)
        {
            return Problem(400, "Expected { \"advanceSeconds\": n } with n from 0.");
        }

        simulator.Clock.Advance(TimeSpan.FromSeconds(seconds));
        return ClockAnswer();
    }
}
