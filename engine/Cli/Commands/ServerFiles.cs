using Microsoft.Extensions.Logging;
using WorkflowEngine.Api;

namespace WorkflowEngine.Cli;

/// <summary>What the server serves of this program's own files.</summary>
internal static class ServerFiles
{
    /// <summary>Beside the program when it was published, else in the checkout it was built in.</summary>
    public static string Designer
    {
        get
        {
            var beside = Path.Combine(AppContext.BaseDirectory, "designer");
            if (Directory.Exists(beside)) return beside;
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "WorkflowEngine.sln"))) return Path.Combine(folder.FullName, "designer", "dist");
            }

            return beside;
        }
    }

    public static ApiServerOptions Options(string urls, ILoggerFactory logs) => new()
    {
        Urls = urls, Logs = logs, Schema = FlowSchemas.Read("flow"), Templates = Path.Combine(AppContext.BaseDirectory, "flows"), Designer = Designer, Tester = FlowTester.RunAsync,
    };
}
