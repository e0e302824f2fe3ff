using System.Text.Json;
using System.Text.Json.Serialization;

namespace WorkflowEngine.Api;

/// <summary>How JSON is read and written.</summary>
internal static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = Set(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Set(JsonSerializerOptions options)
    {
        options.MaxDepth = PayloadDepth;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        return options;
    }

    private const int PayloadDepth = WorkflowEngine.Hosting.PayloadJson.MostDepth;
}
