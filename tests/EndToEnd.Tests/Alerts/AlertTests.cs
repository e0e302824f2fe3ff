using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Alerts;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.EndToEnd.Tests.Alerts;

/// <summary>People are told when something opens and when it is well again, through a chat room and by mail, and not in between.</summary>
public sealed class AlertTests : IAsyncLifetime
{
    private const string ActiveFlag = "ServiceTitan_Active__c";
    private const string Key = "canary-signing-key";

    private ChatRoom _chat = null!;
    private MailBox _mail = null!;
    private EngineWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _chat = await ChatRoom.OpenAsync();
        _mail = new MailBox();
        var clock = new SkipClock();
        var vendors = await Vendors.StartAsync(clock);
        Fields.Prepare(vendors);
        var folder = WorkspaceFolder.OfCustomers(vendors);
        folder.Own["E2E_CHAT_ADDRESS"] = _chat.Address.ToString();
        folder.Own["E2E_CHAT_KEY"] = Key;
        folder.Own["E2E_MAIL_PASSWORD"] = MailBox.Password;
        folder.Write(
            "connections/chat.yaml",
            """
            connector: alert-webhook
            settings: { allowPrivate: true }
            secrets: { address: { env: E2E_CHAT_ADDRESS }, key: { env: E2E_CHAT_KEY } }
            """);
        folder.Write(
            "connections/mail.yaml",
            $$"""
            connector: alert-email
            settings: { server: localhost, port: {{_mail.Port}}, security: none, allowPrivate: true, from: flow@example.com, to: 'ops@example.com, chief@example.com', user: {{MailBox.User}} }
            secrets: { password: { env: E2E_MAIL_PASSWORD } }
            """);
        _world = await EngineWorld.StartAsync(clock, vendors, folder, new BatcherOptions());
        Assert.True(await _world.Runner.TakeAsync(default), string.Join("\n", _world.Runner.Findings));
        Assert.Empty(_world.Runner.Problems);
        await _world.Host.StartAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _chat.DisposeAsync();
        await _mail.DisposeAsync();
    }

    [Fact]
    public async Task What_opens_and_what_recovers_is_told_once_each_signed_and_by_mail()
    {
        await BreakAsync();
        await LookAsync(() => _chat.Messages.Count == 1 && _mail.Mails.Count == 1);
        Assert.True(_chat.Messages.TryDequeue(out var message));
        using (var body = JsonDocument.Parse(message.Body))
        {
            var line = Assert.Single(body.RootElement.GetProperty("opened").EnumerateArray());
            Assert.Equal(WorkspaceFolder.Deployment, line.GetProperty("deployment").GetString());
            Assert.Contains(ActiveFlag, line.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.Contains("default: 1 problem opened", body.RootElement.GetProperty("text").GetString(), StringComparison.Ordinal);
        }

        var signature = message.Signature!.Split(',').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);
        Assert.Equal(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes($"{signature["t"]}.{message.Body}"))), signature["v1"]);
        Assert.True(_mail.Mails.TryDequeue(out var mail));
        Assert.Contains("Subject: default: 1 problem opened", mail, StringComparison.Ordinal);
        Assert.Contains("chief@example.com", mail, StringComparison.Ordinal);

        // It lasts, and the deployment tries again and again: nothing is said.
        _world.Vendors.ServiceTitan.EditCustomer(People.FirstId);
        for (var i = 0; i < 5; i++) await LookAsync(() => true);
        Assert.Empty(_chat.Messages);
        Assert.Empty(_mail.Mails);

        await _world.Vendors.AddRequiredAsync(Fields.Required);
        await _world.SettleAsync();
        await LookAsync(() => _chat.Messages.Count == 1 && _mail.Mails.Count == 1);
        Assert.Contains("default: 1 recovered", _chat.Messages.Single().Body, StringComparison.Ordinal);
        for (var i = 0; i < 3; i++) await LookAsync(() => true);
        Assert.Single(_chat.Messages);
    }

    [Fact]
    public async Task A_channel_that_is_down_is_told_when_it_is_back_and_the_others_at_once()
    {
        _chat.IsDown = true;
        await BreakAsync();
        await LookAsync(() => _mail.Mails.Count == 1 && _chat.Refused > 0);
        await LookAsync(() => _chat.Refused > 1);
        Assert.Empty(_chat.Messages);
        _chat.IsDown = false;
        await LookAsync(() => _chat.Messages.Count == 1);
        Assert.Single(_mail.Mails);
    }

    [Fact]
    public async Task A_restart_neither_forgets_nor_repeats()
    {
        await BreakAsync();
        await LookAsync(() => _chat.Messages.Count == 1 && _mail.Mails.Count == 1);
        await _world.Host.DisposeAsync();
        var again = await FlowHost.OpenAsync(EngineWorld.OptionsOf(_world.Folder) with { Time = _world.Clock }, default);
        await using (again)
        {
            var runner = new WorkspaceRunner(again, _world.Folder.Path, EngineWorld.Connectors, _world.Folder.Variable, NullLogger<WorkspaceRunner>.Instance);
            await runner.TakeAsync(default);
            await again.StartAsync(default);
            for (var i = 0; i < 4; i++) await LookAsync(() => true);
            Assert.Single(_chat.Messages);
            Assert.Single(_mail.Mails);
        }
    }

    [Fact]
    public async Task A_channel_that_gives_up_by_itself_does_not_silence_the_others_nor_itself()
    {
        await _world.Host.DisposeAsync();
        var stumbling = new StumblingConnector(new AlertWebhookConnector());
        IReadOnlyList<IConnector> connectors = [.. EngineWorld.Connectors.Where(c => c is not AlertWebhookConnector), stumbling];
        var again = await FlowHost.OpenAsync(EngineWorld.OptionsOf(_world.Folder) with { Time = _world.Clock, Connectors = connectors }, default);
        await using (again)
        {
            var runner = new WorkspaceRunner(again, _world.Folder.Path, connectors, _world.Folder.Variable, NullLogger<WorkspaceRunner>.Instance);
            await runner.TakeAsync(default);
            await again.StartAsync(default);
            await _world.Vendors.RemoveFieldAsync("Account", ActiveFlag);
            foreach (var customer in People.Of(3)) _world.Vendors.ServiceTitan.AddCustomer(customer);
            await _world.UntilAsync(() => again.Runtime.Pauses.Count > 0, "the deployment is paused");
            await LookAsync(() => stumbling.Stumbled && _chat.Messages.Count == 1 && _mail.Mails.Count == 1);
        }
    }

    /// <summary>A field the flow writes is deleted: its deployment pauses with an incident.</summary>
    private async Task BreakAsync()
    {
        await _world.Vendors.RemoveFieldAsync("Account", ActiveFlag);
        foreach (var customer in People.Of(3)) _world.Vendors.ServiceTitan.AddCustomer(customer);
        await _world.UntilAsync(() => _world.Host.Runtime.Pauses.Count > 0, "the deployment is paused");
        await _world.Host.Runtime.WaitIdleAsync(default);
    }

    /// <summary>Time passes until the engine has looked and something holds.</summary>
    private Task LookAsync(Func<bool> holds)
    {
        // A jump also passes the time limit of a call that is under way, so each look gets some real time.
        const int between = 15;
        var ticks = 0;
        return _world.UntilAsync(
            () =>
            {
                if (ticks++ % between == 0) _world.Clock.Skip(TimeSpan.FromSeconds(10));
                return ticks > 2 * between && holds();
            },
            "the alert was sent");
    }
}
