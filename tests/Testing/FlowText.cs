using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Testing;

/// <summary>Flows as an author writes them, compiled against what the harness's vendors have.</summary>
public static class FlowText
{
    /// <summary>Deploys the flows of one template; what they cannot be compiled for fails the test.</summary>
    public static IReadOnlyList<Runtime.DeploymentRef> Deploy(this RuntimeHarness harness, IReadOnlyDictionary<string, object?>? parameters, params string[] flows)
    {
        var compiled = Compile(harness, flows);
        return [.. compiled.Select(flow => harness.Deploy(flow, parameters))];
    }

    public static IReadOnlyList<CompiledFlow> Compile(RuntimeHarness harness, params string[] flows)
    {
        var definitions = flows.Select((text, i) =>
        {
            var parsed = FlowParser.Parse(new SourceText($"flow{i + 1}.yaml", "connections: { source: source, target: target }\n" + text));
            Clean(parsed.Diagnostics);
            return parsed.Value!;
        }).ToList();
        var context = new CompileContext { Catalog = [Descriptor("source", harness.Source), Descriptor("target", harness.Target)], Siblings = definitions };
        return
        [
            .. definitions.Select(d =>
            {
                var result = FlowCompiler.Compile(d, context);
                Clean(result.Diagnostics);
                return result.Flow!;
            }),
        ];
    }

    private static ConnectorDescriptor Descriptor(string name, FakeVendor vendor) => new()
    {
        Name = name, Title = name, Entities = [.. vendor.Entities.Select(e => e.Descriptor)], Settle = TimeSpan.FromMinutes(1), Operations = vendor.Operations, TakesHttp = true,
    };

    private static void Clean(IReadOnlyList<Diagnostic> found)
    {
        var errors = found.Where(d => d.IsError).Select(d => DiagnosticRenderer.Render(d)).ToList();
        if (errors.Count > 0) throw new InvalidOperationException(string.Join("\n", errors));
    }
}
