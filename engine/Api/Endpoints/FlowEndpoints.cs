using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Api;

/// <summary>Checks flow files and evaluates lines over samples; nothing is stored or sent.</summary>
internal static class FlowEndpoints
{
    private const int MostLines = 100;
    private const int MostSamples = 100;
    private const int MostEvaluations = 2_000;

    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("POST", "/api/flows/check", Role.Viewer, "checkFlows", "Checks flow files: the same findings as on the command line.", Check) { Answer = typeof(CheckAnswer) },
        new("POST", "/api/preview", Role.Viewer, "preview", "Evaluates expressions over samples with the limits of a run, and judges the values by their target fields.", PreviewAsync) { Answer = typeof(PreviewResult) },
    ];

    private static IResult Check(Call call, CheckRequest request)
    {
        if (FilesOf(request.Files, out var files) is { } problem) return Problem.BadRequest(problem);
        var bundle = FlowBundle.Compile([.. files.Select(f => new SourceText(f.Path, f.Content))], Catalog(call), strict: true, request.Explain == true);
        return Results.Json(new CheckAnswer([.. bundle.Diagnostics.Select(DiagnosticView.Of)], [.. bundle.Flows.Select(FlowView.Of)]));
    }

    private static async Task<IResult> PreviewAsync(Call call, Previewer previewer, OrgCatalog orgs, PreviewBody body, CancellationToken cancellationToken)
    {
        if (body.Lines is not { Count: > 0 and <= MostLines } lines || lines.Any(l => l?.Name is not { Length: > 0 })) return Problem.BadRequest($"Give 1 to {MostLines} lines, each with a name and a value.");
        var samples = body.Samples ?? [new Dictionary<string, JsonElement>()];
        if (samples.Count is 0 or > MostSamples || samples.Any(s => s is null)) return Problem.BadRequest($"Give 1 to {MostSamples} samples.");
        if (lines.Count * samples.Count > MostEvaluations) return Problem.BadRequest($"At most {MostEvaluations} evaluations at once: fewer lines or fewer samples.");
        var types = new Dictionary<string, FieldType>();
        if (TypesOf(call, body, types) is { } wrong) return wrong;
        EntityReading? target = null;
        if (body.Target is { } asked)
        {
            if (asked.Verb is not (null or "create" or "update")) return Problem.BadRequest($"'verb' is create or update, not '{asked.Verb}'.");
            if (call.Host.Connectors.FirstOrDefault(c => c.Descriptor.Name == asked.Connector)?.Descriptor is not { } connector) return CatalogEndpoints.NoConnector(call, asked.Connector ?? "");
            if (asked.Connection is { } name)
            {
                if (!call.Workspace.Connections.Knows(name)) return Problem.NotFound($"There is no connection '{name}'.");
                var read = await orgs.ReadAsync(call.Workspace, name, asked.Entity ?? "", false, cancellationToken).ConfigureAwait(false);
                if (read.Succeeded) target = read.Value;
            }

            target ??= connector.Entity(asked.Entity ?? "") is { } known ? new EntityReading(known, false, null) : null;
            if (target is null) return Problem.NotFound($"The connector '{asked.Connector}' has no entity '{asked.Entity}'.");
        }

        var answers = previewer.Run(
            new PreviewRequest
            {
                Lines = [.. lines.Select(Line)],
                Self = body.Self,
                Samples = [.. samples.Select(s => Sample(s, types))],
                Target = target?.Entity,
                TargetIsOrg = target?.FromOrg == true,
                Creates = body.Target?.Verb != "update",
            },
            cancellationToken);
        return Results.Json(new PreviewResult([.. answers.Select(a => new PreviewSampleView([.. a.Select(PreviewAnswerView.Of)]))]));
    }

    /// <summary>Files of a request as they are compiled; a sentence when they cannot be.</summary>
    public static string? FilesOf(IReadOnlyList<FileView>? given, out IReadOnlyList<StoredFile> files)
    {
        files = [];
        if (given is null or { Count: 0 } || given.Any(f => f?.Content is null)) return "Give the files: { \"files\": [ { \"path\": …, \"content\": … } ] }.";
        if (given.Count > TemplateFiles.Most) return $"At most {TemplateFiles.Most} files are taken at once.";
        files = [.. given.Select(f => new StoredFile(f.Path ?? "flow.yaml", f.Content!))];
        return files.Any(f => f.Path.Length is 0 or > 300 || f.Path.Any(char.IsControl)) ? "A path is 1 to 300 characters without control characters." : null;
    }

    public static ConnectorDescriptor[] Catalog(Call call) => [.. call.Host.Connectors.Select(c => c.Descriptor)];

    private static PreviewLine Line(PreviewLineView line)
    {
        if (line.Value.ValueKind == JsonValueKind.String && line.Value.GetString() is ['=', .. var expression]) return new PreviewLine(line.Name!, expression, null);
        return new PreviewLine(line.Name!, null, line.Value.ValueKind == JsonValueKind.Undefined ? null : Payload.OfJson(line.Value));
    }

    private static Dictionary<string, object?> Sample(IReadOnlyDictionary<string, JsonElement> sample, Dictionary<string, FieldType> types)
    {
        var values = sample.ToDictionary(v => v.Key, v => SampleValues.Of(types.GetValueOrDefault(v.Key), v.Value), StringComparer.Ordinal);
        // A flow with one trigger reads the record under both names.
        if (values.TryGetValue("input", out var input)) values.TryAdd("trigger", input);
        return values;
    }

    private static IResult? TypesOf(Call call, PreviewBody body, Dictionary<string, FieldType> types)
    {
        if (body.Files is { Count: > 0 })
        {
            if (FilesOf(body.Files, out var files) is { } problem) return Problem.BadRequest(problem);
            var bundle = FlowBundle.Compile([.. files.Select(f => new SourceText(f.Path, f.Content))], Catalog(call));
            var flow = body.Flow is null && bundle.Flows.Count == 1 ? bundle.Flows[0] : bundle.Flows.FirstOrDefault(f => f.Definition.Flow.Value == body.Flow);
            if (flow is null) return Problem.NotFound($"There is no flow '{body.Flow}' among the files.");
            // A flow with mistakes still has samples: its names are then taken as plain JSON.
            if (flow.Compiled is { } compiled) OfFlow(compiled, types);
        }

        foreach (var (name, text) in body.Types ?? new Dictionary<string, string>())
        {
            if (text is null) return Problem.BadRequest($"The type of '{name}' is missing.");
            var many = text.EndsWith("[]", StringComparison.Ordinal);
            var parts = (many ? text[..^2] : text).Split('/');
            var entity = parts.Length == 2 ? call.Host.Connectors.FirstOrDefault(c => c.Descriptor.Name == parts[0])?.Descriptor.Entity(parts[1]) : null;
            if (entity is null) return Problem.BadRequest($"'{text}' is no entity; write connector/entity, with [] behind it for a list.");
            types[name] = many ? FieldType.ListOf(SampleValues.TypeOf(entity)) : SampleValues.TypeOf(entity);
        }

        return null;
    }

    private static void OfFlow(CompiledFlow flow, Dictionary<string, FieldType> types)
    {
        types["input"] = types["trigger"] = flow.Input;
        types["params"] = new FieldType
        {
            Kind = FieldKind.Object, OpenFields = true, Fields = [.. flow.Parameters.Select(p => new FieldDescriptor { Name = p.Name, Type = p.Type })],
        };
        foreach (var read in flow.Instructions.OfType<ReadInstruction>().Where(r => r.Step.Output >= 0))
        {
            var record = SampleValues.TypeOf(read.Entity);
            types[flow.SlotNames[read.Step.Output]] = read.One ? record : FieldType.ListOf(record);
        }
    }
}
