using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace WorkflowEngine.Simulators.Tests.Clients;

/// <summary>A client of other people, restored from its package list and run in a process of its own. Skips the test where its packages cannot be restored.</summary>
internal static class NodeClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Restores the packages of a folder and runs its <c>client.mjs</c>; answers the JSON it prints.</summary>
    public static async Task<JsonElement> RunAsync(string name, string[] arguments, CancellationToken cancel)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"simulator-{name}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        try
        {
            foreach (var file in (string[])["package.json", "package-lock.json", "client.mjs"])
            {
                File.Copy(Path.Combine(Sources(), name, file), Path.Combine(folder, file));
            }

            var restored = await Run(folder, "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], cancel);
            Assert.SkipWhen(restored.Code != 0, $"The packages of {name} could not be restored: {restored.Error}");
            var (code, output, error) = await Run(folder, "node", ["client.mjs", .. arguments], cancel);
            Assert.True(code == 0, error);
            return JsonDocument.Parse(output).RootElement;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int Code, string Output, string Error)> Run(string folder, string program, string[] arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8,
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            try
            {
                await process.WaitForExitAsync(limit.Token);
                return (process.ExitCode, await output, await error);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                process.Kill(entireProcessTree: true);
                return (-1, "", $"{program} took longer than {Patience}");
            }
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, "", e.Message);
        }
    }

    private static string Sources([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
