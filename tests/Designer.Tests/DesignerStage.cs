using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using WorkflowEngine.Api;
using WorkflowEngine.EndToEnd.Tests.World;

namespace WorkflowEngine.Designer.Tests;

/// <summary>The built designer in a real Chromium, over the real server and both simulators. What is absent skips the tests with its reason.</summary>
public sealed class DesignerStage : IAsyncLifetime
{
    private static readonly string[] Browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private EngineWorld? _world;
    private WebApplication? _server;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private readonly HttpClient _api = new();
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly Dictionary<string, IBrowserContext> _people = [];
    private readonly List<(IPage Page, string Lane, string? Test)> _open = [];

    /// <summary>Why no test can run; null when all is there.</summary>
    public string? Absent { get; private set; }

    public string Address { get; private set; } = "";

    /// <summary>The server; a test that asks for it where there is none is skipped.</summary>
    public HttpClient Api
    {
        get
        {
            Assert.SkipWhen(Absent is not null, Absent ?? "");
            return _api;
        }
    }

    /// <summary>Pictures of what the tests saw.</summary>
    public static string Pictures { get; } = Path.Combine(Root, "artifacts", "designer");

    /// <summary>The designer's built files.</summary>
    internal static string Built { get; } = Path.Combine(Root, "designer", "dist");

    internal EngineWorld World
    {
        get
        {
            Assert.SkipWhen(Absent is not null, Absent ?? "");
            return _world!;
        }
    }

    internal static string Root
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "WorkflowEngine.sln"))) return folder.FullName;
            }

            throw new DirectoryNotFoundException("The tests run inside the repository: its WorkflowEngine.sln was not found above them.");
        }
    }

    public async ValueTask InitializeAsync()
    {
        var chromium = Environment.GetEnvironmentVariable("CHROMIUM") ?? Browsers.FirstOrDefault(File.Exists);
        Absent = !File.Exists(Path.Combine(Built, "index.html")) ? "The designer is not built: npm ci && npm run build in designer."
            : chromium is null ? "There is no Chromium: install it, or name one in CHROMIUM."
            : null;
        if (Absent is not null) return;
        _world = await EngineWorld.StartAsync(vendors =>
        {
            Fields.Prepare(vendors);
            foreach (var person in People.Of(50)) vendors.ServiceTitan.AddCustomer(person);
        });
        var schema = await File.ReadAllTextAsync(Path.Combine(Root, "flows", "schema", "flow.schema.json"));
        _server = await ApiServer.StartAsync(_world.Host, _world.Runner, new ApiServerOptions { Urls = "http://127.0.0.1:0", Logs = _world.Logs, Schema = schema, Designer = Built }, default);
        Address = _server.Urls.First();
        _api.BaseAddress = new Uri(Address);
        await _world.SettleAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium, Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        // The machine may be busy; nothing waits that long when all is well.
        Assertions.SetDefaultExpectTimeout(20_000);
        Directory.CreateDirectory(Pictures);
    }

    /// <summary>A screen. The tests of a collection run one after the other at one person's browser, which has the scripts already; what they kept in it is forgotten between them.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="dark">The person likes dark colours.</param>
    /// <param name="width">Of the window.</param>
    /// <param name="height">Of the window.</param>
    /// <param name="apart">A browser of its own: another person, or one that never was here.</param>
    public async Task<IPage> OpenAsync(string path, bool dark = false, int width = 1440, int height = 900, bool apart = false)
    {
        Assert.SkipWhen(Absent is not null, Absent ?? "");
        var page = await NewPageAsync(apart);
        await page.SetViewportSizeAsync(width, height);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
        page.PageError += (_, error) => Assert.Fail(error);
        await page.GotoAsync($"{Address}/designer{path}");
        return page;
    }

    /// <summary>The colours of a screen that is open.</summary>
    public static async Task ColourAsync(IPage page, bool dark)
    {
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
        await page.EvaluateAsync("theme => { document.documentElement.dataset.theme = theme }", dark ? "dark" : "light");
    }

    private async Task<IPage> NewPageAsync(bool apart)
    {
        var (lane, test) = (TestContext.Current.TestCollection?.UniqueID ?? "", TestContext.Current.Test?.UniqueID);
        await _opening.WaitAsync();
        try
        {
            // What a test before left open goes on asking the server: it is closed.
            var first = _open.All(o => o.Test != test);
            foreach (var left in _open.Where(o => o.Lane == lane && o.Test != test).ToList())
            {
                _open.Remove(left);
                if (_people.GetValueOrDefault(lane) == left.Page.Context) await left.Page.CloseAsync();
                else await left.Page.Context.CloseAsync();
            }

            if (apart || !_people.TryGetValue(lane, out var context))
            {
                // The policy of the server stays in force for the page; only the accessibility check is let in beside it.
                context = await _browser!.NewContextAsync(new BrowserNewContextOptions { BypassCSP = true });
                context.SetDefaultTimeout(20_000);
                if (!apart) _people[lane] = context;
            }

            var page = await context.NewPageAsync();
            _open.Add((page, lane, test));
            if (first && !apart)
            {
                var browser = await context.NewCDPSessionAsync(page);
                await browser.SendAsync("Storage.clearDataForOrigin", new Dictionary<string, object> { ["origin"] = Address, ["storageTypes"] = "local_storage" });
                await browser.DetachAsync();
            }

            return page;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>The run that made the records of a customer.</summary>
    internal async Task<string> RunOfAsync(string customer)
    {
        var runs = await Api.GetFromJsonAsync<JsonElement>($"/api/runs?outcome=succeeded&key={customer}");
        return runs.GetProperty("data").EnumerateArray().First(r => r.GetProperty("effects").GetInt32() > 0).GetProperty("id").GetString()!;
    }

    public static Task PictureAsync(IPage page, string name) => page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, name + ".png") });

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_server is not null)
        {
            await _server.StopAsync();
            await _server.DisposeAsync();
        }

        if (_world is not null) await _world.DisposeAsync();
        _api.Dispose();
        _opening.Dispose();
    }
}
