using Microsoft.Playwright;
using WorkflowEngine.Api;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Designer.Tests;

/// <summary>A server that asks who is there: the key goes with every request, the live stream among them.</summary>
[Collection(nameof(ChangingTheWorld))]
public sealed class SignInTests(DesignerStage stage)
{
    [Fact]
    public async Task A_person_signs_in_with_a_key_sees_runs_live_and_is_told_what_the_role_may_not()
    {
        Assert.SkipWhen(stage.Absent is not null, stage.Absent ?? "");
        await using var server = await ApiServer.StartAsync(
            stage.World.Host, stage.World.Runner, new ApiServerOptions { Urls = "http://127.0.0.1:0", Logs = stage.World.Logs, Designer = DesignerStage.Built, Access = new AccessOptions { Keys = true } }, default);
        var (_, key) = await new AccessKeys(stage.World.Host.Settings.AccessKeys, stage.World.Host.Time).MakeAsync("default", "viewer", "viewer", null, "test", default);
        var page = await stage.OpenAsync("/");
        await page.GotoAsync(server.Urls.First() + "/designer/runs");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await ScreenTests.AccessibleAsync(page);
        await page.GetByLabel("API key").FillAsync("flow_0123456789abcdef01_" + new string('0', 64));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The server does not know this key")).ToBeVisibleAsync();
        await DesignerStage.PictureAsync(page, "sign-in");
        await page.GetByLabel("API key").FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        stage.World.Vendors.ServiceTitan.AddCustomer(People.One(77_900_002, "Winston Livestream"));
        await Assertions.Expect(page.GetByText("77900002").First).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await page.GetByRole(AriaRole.Link, new() { Name = "Audit" }).ClickAsync();
        await Assertions.Expect(page.GetByText("needs another role").First).ToBeVisibleAsync();
        await ScreenTests.AccessibleAsync(page);
        await DesignerStage.PictureAsync(page, "no-permission");
        await server.StopAsync();
    }
}
