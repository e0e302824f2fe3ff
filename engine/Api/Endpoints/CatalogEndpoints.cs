using Microsoft.AspNetCore.Http;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Library;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api;

/// <summary>What flows can be made of: connectors, entities with the org's own fields, operations, functions, findings.</summary>
internal static class CatalogEndpoints
{
    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("GET", "/api/catalog", Role.Viewer, "getCatalog", "The connectors with their entities, operations and settings.", Catalog) { Answer = typeof(CatalogView) },
        new("GET", "/api/catalog/functions", Role.Viewer, "getFunctions", "What expressions can call.", Functions) { Answer = typeof(FunctionsView) },
        new("GET", "/api/catalog/diagnostics", Role.Viewer, "getDiagnostics", "Every finding of the compiler, with what it means and how to answer it.", Diagnostics) { Answer = typeof(DiagnosticPagesView) },
        new("GET", "/api/catalog/{connector}/operations/{operation}", Role.Viewer, "getOperation", "A named operation with what it takes and gives.", Operation) { Answer = typeof(OperationDetail) },
        new("GET", "/api/catalog/{connector}/{entity}", Role.Viewer, "getEntity", "An entity with its fields; with a connection those of the org itself.", EntityAsync) { Answer = typeof(EntityDetail) },
    ];

    private static IResult Catalog(Call call) => Results.Json(new CatalogView([.. call.Host.Connectors.Select(c => ConnectorView.Of(c.Descriptor))]));

    private static IResult Functions() => Results.Json(new FunctionsView(
        [.. ExpressionLibrary.All.Select(f => new FunctionView(
            f.Name, Words.Of(f.Kind), f.Signature, f.Docs, f.Example, [.. f.Parameters.Select(p => new FunctionParameterView(p.Name, p.Type, p.IsOptional, p.IsRest))], f.Returns))],
        [.. ExpressionLibrary.ReservedNames.Order(StringComparer.Ordinal)]));

    private static IResult Diagnostics() => Results.Json(new DiagnosticPagesView(
        [.. DiagnosticPages.All.Select(p => new DiagnosticPageView(p.Code, DiagnosticRenderer.Word(p.Severity), p.Meaning, p.Example, p.Fix))]));

    private static IResult Operation(Call call, string connector, string operation) =>
        Find(call, connector)?.Operations.FirstOrDefault(o => o.Name == operation) is { } found
            ? Results.Json(new OperationDetail(found.Name, found.Description, found.Repeatable, [.. found.Input.Select(FieldView.Of)], [.. found.Output.Select(FieldView.Of)]))
            : Problem.NotFound($"The connector '{connector}' has no operation '{operation}'.");

    private static async Task<IResult> EntityAsync(
        Call call, OrgCatalog orgs, string connector, string entity, string? connection, bool? refresh, CancellationToken cancellationToken)
    {
        if (Find(call, connector) is not { } descriptor) return NoConnector(call, connector);
        if (connection is null)
        {
            return descriptor.Entity(entity) is { } known
                ? Results.Json(View(new EntityReading(known, false, null)))
                : Problem.NotFound($"The catalogue of '{connector}' has no entity '{entity}'. If the org has it, name a connection to ask.");
        }

        if (!call.Workspace.Connections.Names.TryGetValue(connection, out var actual)) return Problem.NotFound($"There is no connection '{connection}'.");
        if (actual != connector) return Problem.Unprocessable($"The connection '{connection}' is a {actual} connection, not {connector}.");
        var read = await orgs.ReadAsync(call.Workspace, connection, entity, refresh == true, cancellationToken).ConfigureAwait(false);
        if (read.Succeeded) return Results.Json(View(read.Value));
        return read.Error.Kind == ErrorKind.Misconfigured
            ? Problem.NotFound($"The org of '{connection}' says about '{entity}': {read.Error.Message}")
            : Problem.Of(StatusCodes.Status502BadGateway, "outside", $"The org of '{connection}' cannot be asked: {read.Error.Message}");
    }

    public static IResult NoConnector(Call call, string name) =>
        Problem.NotFound($"There is no connector '{name}'; installed: {string.Join(", ", call.Host.Connectors.Select(c => c.Descriptor.Name))}.");

    private static ConnectorDescriptor? Find(Call call, string name) => call.Host.Connectors.FirstOrDefault(c => c.Descriptor.Name == name)?.Descriptor;

    private static EntityDetail View(EntityReading reading)
    {
        var entity = reading.Entity;
        return new EntityDetail(
            entity.Name, entity.Title ?? entity.Name, entity.IdField, [.. entity.Fields.Select(FieldView.Of)], reading.FromOrg ? "org" : "catalogue", reading.ReadAt);
    }
}
