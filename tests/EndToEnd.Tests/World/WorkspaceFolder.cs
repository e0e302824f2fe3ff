using System.Globalization;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.EndToEnd.Tests.World;

/// <summary>A workspace in a folder of its own: the customer flow as it stands in the repository, connections to the simulators, one deployment.</summary>
internal sealed class WorkspaceFolder : IDisposable
{
    public const string Deployment = "customers";

    private const string Template = "customer-to-salesforce";

    /// <summary>What the files name as environment variables.</summary>
    public static readonly IReadOnlyDictionary<string, string> Environment = new Dictionary<string, string>
    {
        ["E2E_ST_SECRET"] = ServiceTitanSimulator.ClientSecret,
        ["E2E_ST_APP_KEY"] = ServiceTitanSimulator.AppKey,
        ["E2E_SF_ID"] = SalesforceSimulator.ClientId,
        ["E2E_SF_SECRET"] = SalesforceSimulator.ClientSecret,
        ["E2E_HOOK_TOKEN"] = "hook-token-of-the-tests",
    };

    /// <summary>What only this folder's files name as environment variables.</summary>
    public Dictionary<string, string> Own { get; } = [];

    public string? Variable(string name) => Own.GetValueOrDefault(name) ?? Environment.GetValueOrDefault(name);

    private readonly string _root = Directory.CreateTempSubdirectory("flow-e2e-").FullName;

    public WorkspaceFolder()
    {
        foreach (var part in new[] { "flows", "connections", "deployments" }) Directory.CreateDirectory(System.IO.Path.Combine(Path, part));
    }

    public string Path => System.IO.Path.Combine(_root, "workspace");

    public string Database => System.IO.Path.Combine(_root, "data", "flow.db");

    public string FlowFile => System.IO.Path.Combine(Path, "flows", Template, "flow.yaml");

    public static string RepositoryFlow => System.IO.Path.Combine(Repository(), "flows", Template, "flow.yaml");

    /// <summary>A workspace of the customer flow against the simulators.</summary>
    public static WorkspaceFolder OfCustomers(Vendors vendors, double timeout = 30)
    {
        var folder = new WorkspaceFolder();
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(folder.FlowFile)!);
        File.Copy(RepositoryFlow, folder.FlowFile);
        folder.WriteConnections(vendors, timeout);
        folder.Write(
            $"deployments/{Deployment}.yaml",
            $$"""
            deployment: {{Deployment}}
            template: {{Template}}
            connections: { servicetitan: tenant, salesforce: org }
            since: 2020-01-01
            """);
        return folder;
    }

    public void WriteConnections(Vendors vendors, double timeout = 30)
    {
        var seconds = timeout.ToString(CultureInfo.InvariantCulture);
        Write(
            "connections/tenant.yaml",
            $$"""
            connector: servicetitan
            settings:
              tenant: '1234567890'
              baseAddress: {{vendors.ServiceTitanAddress.GetLeftPart(UriPartial.Authority)}}
              clientId: {{ServiceTitanSimulator.ClientId}}
              allowPrivate: true
              ratePerSecond: 10000
              feedPause: 0.1
              timeout: {{seconds}}
            secrets: { clientSecret: { env: E2E_ST_SECRET }, appKey: { env: E2E_ST_APP_KEY } }
            """);
        Write(
            "connections/org.yaml",
            $$"""
            connector: salesforce
            settings: { baseAddress: '{{vendors.SalesforceAddress.GetLeftPart(UriPartial.Authority)}}', allowPrivate: true, timeout: {{seconds}} }
            secrets: { clientId: { env: E2E_SF_ID }, clientSecret: { env: E2E_SF_SECRET } }
            """);
    }

    public void Write(string path, string text)
    {
        var file = System.IO.Path.Combine(Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>The repository's folder.</summary>
    public static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "WorkflowEngine.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("The tests run inside the repository: its WorkflowEngine.sln was not found above them.");
    }
}
