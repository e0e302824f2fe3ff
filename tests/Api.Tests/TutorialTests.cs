using System.Diagnostics;
using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.Api.Tests;

/// <summary>The tutorial is a script, so it is run.</summary>
public sealed class TutorialTests
{
    [Fact]
    public async Task The_tutorial_goes_from_an_empty_server_to_a_promoted_flow_with_curl_only()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl") && File.Exists("/bin/bash"), "The tutorial needs bash and curl.");
        await using var one = await ApiWorld.StartAsync();
        await using var two = await ApiWorld.StartAsync();
        using var script = Process.Start(new ProcessStartInfo("/bin/bash", Path.Combine(Repository(), "engine", "docs", "tutorial.sh"))
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            Environment =
            {
                ["SERVER"] = one.Address.GetLeftPart(UriPartial.Authority), ["SECOND"] = two.Address.GetLeftPart(UriPartial.Authority),
                ["SALESFORCE"] = one.SalesforceAddress.GetLeftPart(UriPartial.Authority), ["SF_CLIENT_ID"] = SalesforceSimulator.ClientId, ["SF_CLIENT_SECRET"] = SalesforceSimulator.ClientSecret,
            },
        })!;
        var output = script.StandardOutput.ReadToEndAsync();
        var errors = script.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await script.WaitForExitAsync(limit.Token);
        Assert.True(script.ExitCode == 0, await output + await errors);
        Assert.EndsWith("== Done.\n", await output, StringComparison.Ordinal);
        Assert.DoesNotContain(SalesforceSimulator.ClientSecret, await output, StringComparison.Ordinal);
        var shop = (await two.GetAsync("/api/deployments/shop")).GetProperty("flows")[0];
        Assert.Equal(("active", "1.0.0"), (shop.GetProperty("state").GetString(), shop.GetProperty("version").GetString()));
    }

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "WorkflowEngine.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("The tests run inside the repository.");
    }
}
