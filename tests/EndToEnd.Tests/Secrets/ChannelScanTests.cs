using System.Text;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Api;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Runtime;
using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.EndToEnd.Tests.Secrets;

/// <summary>
/// The same search as <see cref="SecretScanTests"/> for what does not go by plain REST calls: subscriptions over gRPC, whose token is in the call's metadata; merges by SOAP, whose token is in the
/// body; bulk jobs, whose errors come in files. All of them run well, then against a vendor that says back what it is told.
/// </summary>
[Collection(Volume.AloneCollection.Name)]
public sealed class ChannelScanTests
{
    private const string Id = "canary+sf/id=88cc01";
    private const string Secret = "canary+sf/secret=88cc02&x";

    private const string Twins = """
        flow: twins
        title: Twins become one
        connections: { salesforce: salesforce }
        trigger: { on: salesforce/Contact.changed }
        steps:
          - { id: older, lookup: salesforce/Contact, where: { Email: =input.Email }, orderBy: [FirstName], onSeveral: first }
          - { id: younger, lookup: salesforce/Contact, where: { Email: =input.Email }, orderBy: [-FirstName], onSeveral: first }
          - { stop: alone, if: =older.Id === younger.Id }
          - merge: salesforce/Contact
            keep: =older.Id
            remove: =younger.Id
            retry: { attempts: 2, first: 1s, most: 1s }
        """;

    private int _pair;

    [Fact]
    public async Task No_token_of_a_subscription_a_merge_or_a_bulk_job_is_left_anywhere()
    {
        using var everything = new Everything();
        var clock = new SkipClock();
        var vendors = await Vendors.StartAsync(clock, events: true);
        await using var salesforce = await EchoingVendor.StartAsync(vendors.SalesforceAddress, new Dictionary<string, string> { [Id] = SalesforceSimulator.ClientId, [Secret] = SalesforceSimulator.ClientSecret });
        await using var stream = await EchoingStream.StartAsync();
        var folder = new WorkspaceFolder();
        folder.WriteConnections(vendors);
        folder.Own["CANARY_SF_ID"] = Id;
        folder.Own["CANARY_SF_SECRET"] = Secret;
        folder.Write("flows/twins/flow.yaml", Twins);
        folder.Write("deployments/twins.yaml", "deployment: twins\ntemplate: twins\nconnections: { salesforce: org }\n");
        Connect(folder, salesforce.Address, vendors.EventsAddress!, vendors.EventsCertificate!);
        var answers = new StringBuilder();
        var files = new List<(string Path, byte[] Bytes)>();
        await using (var world = await EngineWorld.StartAsync(clock, vendors, folder, new BatcherOptions(), everything))
        {
            Assert.True(await world.Runner.TakeAsync(default), string.Join("\n", world.Runner.Findings));
            await world.OpenedAsync();
            await using var server = await ApiServer.StartAsync(world.Host, world.Runner, new ApiServerOptions { Urls = "http://127.0.0.1:0", Logs = world.Logs, AllowPrivate = true }, default);
            await world.Host.StartAsync(default);
            await MergesAsync(world, salesforce);
            await JobsAsync(world, salesforce, answers);

            // The subscription is refused in every way; the engine tries again and again, and asks the org by polling meanwhile.
            Connect(folder, salesforce.Address, stream.Address, stream.Certificate);
            Assert.True(await world.Runner.TakeAsync(default), string.Join("\n", world.Runner.Findings));
            await world.UntilAsync(() => Skip(world) && stream.Struck >= 8, "the subscription was refused");
            await world.UntilAsync(() => Skip(world) && world.IncidentsAsync(openOnly: false).Result.Any(i => i.Message.Contains("***", StringComparison.Ordinal)), "people are told");
            await world.Host.Runtime.WaitIdleAsync(default);

            using var client = new HttpClient { BaseAddress = new Uri(server.Urls.First()), Timeout = TimeSpan.FromMinutes(5) };
            await SecretSearch.ReadAllAsync(client, answers);
            await server.StopAsync();
            await world.Host.DisposeAsync();
            foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(folder.Path)!, "*", SearchOption.AllDirectories)) files.Add((file, await File.ReadAllBytesAsync(file)));
        }

        string[] tokens = [.. salesforce.Tokens];
        Assert.Contains(tokens, t => stream.Seen.Contains(t, StringComparison.Ordinal));
        Assert.Contains(tokens, t => salesforce.Seen.Contains($">{t}<", StringComparison.Ordinal));
        Assert.All(everything.Texts, text => Assert.NotEqual("", text.Text));
        // The vendor's words came out, without the secrets in them.
        Assert.Contains("accesstoken: ***", everything.Texts.Single(t => t.Place == "the exceptions").Text, StringComparison.Ordinal);
        Assert.Contains("sessionId>***<", System.Text.RegularExpressions.Regex.Unescape(answers.ToString()), StringComparison.Ordinal);
        string[] secrets = [Id, Secret, .. tokens];
        foreach (var (place, text) in everything.Texts.Append(("an answer", answers.ToString()))) SecretSearch.InText(place, text, secrets);
        Assert.Contains(files, f => f.Path == folder.Database);
        foreach (var (file, bytes) in files)
        {
            SecretSearch.InText(file, Encoding.Latin1.GetString(bytes), secrets);
            SecretSearch.InText(file + " (UTF-16)", Encoding.Unicode.GetString(bytes), secrets);
        }
    }

    /// <summary>A pair is found by its event and merged; then a pair for each trouble of the call that merges.</summary>
    private async Task MergesAsync(EngineWorld world, EchoingVendor salesforce)
    {
        // The first look at the feed has gone by when a lone contact was seen.
        world.Vendors.Salesforce.AddRecord("Contact", new Dictionary<string, object?> { ["LastName"] = "Lone", ["Email"] = "lone@example.com" });
        await world.UntilAsync(() => Skip(world) && world.Host.Runtime.Counters.Settled > 0, "the first contact was seen");
        var email = AddPair(world);
        await world.UntilAsync(() => Skip(world) && Left(world, email) == 1, "a pair became one");
        foreach (var kind in (Trouble[])[Trouble.Rejected, Trouble.Refused, Trouble.Page, Trouble.Cut, Trouble.Redirect, Trouble.Broken])
        {
            salesforce.Make(kind, path => path.Contains("/Soap/", StringComparison.Ordinal));
            AddPair(world);
            await world.UntilAsync(() => Skip(world) && salesforce.Struck >= 1, $"{kind} strikes a merge");
            for (var i = 0; i < 10; i++)
            {
                Skip(world);
                await Task.Delay(40);
            }

            salesforce.Make(null, _ => false);
        }

        await world.UntilAsync(() => Skip(world) && world.LettersAsync(null).Result.Count > 0, "a merge failed for good");
    }

    /// <summary>Jobs of both kinds run well and badly; what the connector says of them is an answer too.</summary>
    private static async Task JobsAsync(EngineWorld world, EchoingVendor salesforce, StringBuilder answers)
    {
        var connection = (await world.Host.Connections.OpenAsync("org", default)).Value!.Connection;
        var (writes, reads) = (connection.BulkWrites!, connection.BulkReads!);
        var wave = new WriteBatch { Entity = "Account", Verb = WriteVerb.Create, Items = [.. Enumerable.Range(0, 20).Select(i => new WriteItem { Fields = new Dictionary<string, object?> { ["Name"] = i % 5 == 0 ? null : $"A {i}" } })] };
        var read = new BulkRead { Entity = "Account", Fields = ["Name"], Condition = new FieldCondition("Name", Comparison.Like, ["A %"]) };
        var job = await writes.CreateAsync(wave, default);
        await writes.SendAsync(job.Value!, wave, default);
        world.Clock.Skip(TimeSpan.FromMinutes(10));
        Assert.True((await writes.StatusAsync(job.Value!, CallPriority.Backfill, default)).Value!.IsOver);
        Assert.Equal(16, (await writes.ResultsAsync(job.Value!, wave, default)).Value!.Count(r => r.Succeeded));
        var open = await writes.CreateAsync(wave, default);
        var asked = await reads.StartAsync(read, default);
        world.Clock.Skip(TimeSpan.FromMinutes(10));
        Assert.Equal(16, (await reads.PageAsync(asked.Value!, read, null, 100, default)).Value!.Rows.Count);

        foreach (var kind in (Trouble[])[Trouble.Rejected, Trouble.Refused, Trouble.Page, Trouble.Cut, Trouble.Redirect, Trouble.Broken])
        {
            salesforce.Make(kind, path => path.Contains("/jobs/", StringComparison.Ordinal));
            foreach (var error in (OperationError?[])
            [
                (await writes.CreateAsync(wave, default)).Error, (await writes.SendAsync(open.Value!, wave, default)).Error, (await writes.StatusAsync(job.Value!, CallPriority.Backfill, default)).Error,
                (await writes.ResultsAsync(job.Value!, wave, default)).Error, (await writes.AbortAsync(open.Value!, CallPriority.Backfill, default)).Error,
                (await reads.StartAsync(read, default)).Error, (await reads.StatusAsync(asked.Value!, CallPriority.Backfill, default)).Error, (await reads.PageAsync(asked.Value!, read, null, 100, default)).Error,
            ])
            {
                // A file of results that is none is told by its rows or by the whole; everything else fails.
                answers.AppendLine(error?.ToString());
            }

            Assert.True(salesforce.Struck >= 8, $"{kind} struck {salesforce.Struck} calls of jobs");
            salesforce.Make(null, _ => false);
        }

        Assert.Contains("Bearer ***", answers.ToString(), StringComparison.Ordinal);
    }

    private static void Connect(WorkspaceFolder folder, Uri salesforce, Uri events, string certificate) => folder.Write(
        "connections/org.yaml",
        $$"""
        connector: salesforce
        settings:
          baseAddress: '{{salesforce.GetLeftPart(UriPartial.Authority)}}'
          allowPrivate: true
          timeout: 30
          pollOverlap: 1
          changes: events
          pubSubAddress: {{events.GetLeftPart(UriPartial.Authority)}}
          pubSubCertificate: |
            {{certificate.ReplaceLineEndings("\n    ")}}
        secrets: { clientId: { env: CANARY_SF_ID }, clientSecret: { env: CANARY_SF_SECRET } }
        """);

    private string AddPair(EngineWorld world)
    {
        var email = $"pair{++_pair}@example.com";
        foreach (var name in (string[])["Ann", "Anna"]) world.Vendors.Salesforce.AddRecord("Contact", new Dictionary<string, object?> { ["FirstName"] = name, ["LastName"] = "Twin", ["Email"] = email });
        return email;
    }

    private static int Left(EngineWorld world, string email) => world.Vendors.Salesforce.Records("Contact", "Email").Count(r => r["Email"] == email);

    /// <summary>Waits of the engine pass.</summary>
    private static bool Skip(EngineWorld world)
    {
        world.Clock.Skip(TimeSpan.FromSeconds(2));
        return true;
    }
}
