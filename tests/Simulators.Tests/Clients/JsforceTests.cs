using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.Tests.Salesforce;

namespace WorkflowEngine.Simulators.Tests.Clients;

/// <summary>A client written by others believes the simulated org to be Salesforce. Skipped where its packages cannot be restored.</summary>
public sealed class JsforceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Jsforce_runs_unmodified_against_the_simulated_org()
    {
        var cancel = TestContext.Current.CancellationToken;
        var folder = Path.Combine(Path.GetTempPath(), $"simulator-client-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        try
        {
            foreach (var file in (string[])["package.json", "package-lock.json", "client.mjs"]) File.Copy(Path.Combine(Sources(), file), Path.Combine(folder, file));
            var restored = await Run(folder, "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], cancel);
            Assert.SkipWhen(restored.Code != 0, $"The packages of the client could not be restored: {restored.Error}");

            await using var sf = await OrgFixture.Start(o => o with { QueryPageSize = 200, TimeProvider = TimeProvider.System });
            var (code, output, error) = await Run(folder, "node", ["client.mjs", sf.Http.BaseAddress!.ToString().TrimEnd('/'), SalesforceSimulator.ClientId, SalesforceSimulator.ClientSecret], cancel);
            Assert.True(code == 0, error);
            var seen = JsonDocument.Parse(output).RootElement;
            string Said(string name) => seen.GetProperty(name).GetRawText();
            Assert.Equal(("true", "[\"Key__c\"]", "true"), (Said("signedIn"), Said("key"), Said("objects")));
            Assert.Equal(("true", "O'Brien & Söhne", "true", "208"), (Said("created"), seen.GetProperty("read").GetString(), Said("updated"), seen.GetProperty("phone").GetString()));
            Assert.Equal(("[true,false,true]", "\"MULTIPLE_CHOICES\""), (Said("upserts"), Said("several")));
            Assert.Equal(("[true,false]", "[\"ALL_OR_NONE_OPERATION_ROLLED_BACK\",\"REQUIRED_FIELD_MISSING\"]"), (Said("loose"), Said("strict")));
            Assert.Equal(("450", "[450,200,false]", "200", "450", "450"), (Said("many"), Said("pages"), Said("second"), Said("all"), Said("count")));
            Assert.Equal(("true", "250", "200"), (Said("deleted"), Said("left"), Said("bin")));
            Assert.Equal("[240,10,0]", Said("bulk"));
            Assert.Equal("[\"REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --\"]", Said("bulkErrors"));
            Assert.Equal(10, seen.GetProperty("bulkKeys").GetArrayLength());
            Assert.Equal("[240,true]", Said("queried"));
            Assert.Equal(("100000", "true"), (Said("limits"), Said("usage")));
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

    private static string Sources([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "jsforce");
}
