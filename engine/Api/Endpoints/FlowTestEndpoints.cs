using Microsoft.AspNetCore.Http;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api;

/// <summary>Runs the tests that stand beside flows, on both simulators and a virtual clock; no connection of the workspace is touched.</summary>
internal static class FlowTestEndpoints
{
    private const int LongestName = 200;

    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("POST", "/api/flows/test", Role.Author, "testFlows", "Runs the tests that stand beside flow files, on simulators and a virtual clock.", TestAsync) { Answer = typeof(FlowTestAnswer) },
    ];

    private static async Task<IResult> TestAsync(TestBench bench, FlowTestBody body, CancellationToken cancellationToken)
    {
        if (FlowEndpoints.FilesOf(body.Files, out var files) is { } problem) return Problem.BadRequest(problem);
        if (TemplateFiles.Problem(files) is { } unfit) return Problem.Unprocessable(unfit);
        if (body.Only is { Length: > LongestName }) return Problem.BadRequest($"'only' is a part of a test's name, at most {LongestName} characters.");
        return await bench.RunAsync(files, body.Only, body.Coverage == true, cancellationToken).ConfigureAwait(false);
    }
}
