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
    private readonly List<(IBrowserContext Context, string? Test)> _open = [];

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
        Directory.CreateDirectory(Pictures);
    }

    /// <summary>A person at a screen of their own.</summary>
    public async Task<IPage> OpenAsync(string path, bool dark = false, int width = 1440, int height = 900)
    {
        Assert.SkipWhen(Absent is not null, Absent ?? "");
        // The policy of the server stays in force for the page; only the accessibility check is let in beside it.
        var test = TestContext.Current.Test?.UniqueID;
        // What a test before left open goes on asking the server: it is closed.
        foreach (var (left, _) in _open.Where(o => o.Test != test).ToList())
        {
            _open.RemoveAll(o => o.Context == left);
            await left.CloseAsync();
        }

        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions { BypassCSP = true, ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light, ViewportSize = new ViewportSize { Width = width, Height = height } });
        _open.Add((context, test));
        context.SetDefaultTimeout(20_000);
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => Assert.Fail(error);
        await page.GotoAsync($"{Address}/designer{path}");
        return page;
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
    }
}
