using Microsoft.Extensions.Logging;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.FlowTesting;

/// <summary>What all tests of one template share.</summary>
/// <param name="Template">The template's name.</param>
/// <param name="Flows">Its flows, compiled.</param>
/// <param name="Connections">Logical connection → connector.</param>
/// <param name="Entities">Names of the entities each connector has here.</param>
/// <param name="Load">Connections to the simulators and the flows; no deployment yet.</param>
/// <param name="Ground">What each engine begins with; null where no engine begins.</param>
/// <param name="Logs">Where the engines log.</param>
internal sealed record TestBench(
    string Template, IReadOnlyList<BundledFlow> Flows, IReadOnlyDictionary<string, string> Connections, IReadOnlyDictionary<string, IReadOnlySet<string>> Entities,
    WorkspaceLoad Load, SharedGround? Ground, ILoggerFactory Logs);
