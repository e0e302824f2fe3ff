using WorkflowEngine.Abstractions;
using WorkflowEngine.ServiceTitan;

namespace WorkflowEngine.Connectors.Tests.ServiceTitan;

public sealed class ServiceTitanSettingsTests
{
    [Fact]
    public void All_mistakes_are_named_at_once()
    {
        var problems = Validate(
            [("tenant", "12x"), ("environment", "sandbox"), ("ratePerSecond", "1000"), ("applicationGuid", "no"), ("allowPrivate", "yes"), ("colour", "blue")], []);
        Assert.Equal(
            ["secrets.appKey", "secrets.clientSecret", "settings.allowPrivate", "settings.applicationGuid", "settings.clientId", "settings.colour", "settings.environment", "settings.ratePerSecond", "settings.tenant"],
            problems.Select(p => p.Path).Order());
    }

    [Fact]
    public void Mistakes_of_webhooks_bookings_and_polls_are_named_too()
    {
        (string, string)[] secrets = [("appKey", "k-key"), ("clientSecret", "s-secret"), ("webhookKey", "short"), ("webhookKeyBefore", "shorter")];
        var problems = Validate([("tenant", "1"), ("clientId", "c"), ("bookingProvider", "mine"), ("pollOverlap", "-1"), ("webhookHash", "md5"), ("webhookTolerance", "1"), ("webhookEncoding", "octal")], secrets);
        Assert.Equal(["secrets.webhookKey", "secrets.webhookKeyBefore", "settings.bookingProvider", "settings.pollOverlap", "settings.webhookEncoding", "settings.webhookHash", "settings.webhookTolerance"], problems.Select(p => p.Path).Order());
    }

    [Fact]
    public void Plain_http_is_only_for_simulators()
    {
        (string, string)[] secrets = [("appKey", "k-key"), ("clientSecret", "s-secret")];
        (string, string)[] settings = [("tenant", "1"), ("clientId", "c"), ("baseAddress", "http://127.0.0.1:5081")];
        Assert.Contains(Validate(settings, secrets), p => p.Path == "settings.baseAddress");
        Assert.Empty(Validate([.. settings, ("allowPrivate", "true")], secrets));
    }

    [Fact]
    public void No_problem_shows_a_secret()
    {
        var problems = Validate([("tenant", "1")], [("appKey", "CANARY\nx"), ("clientSecret", "CANARY")]);
        Assert.NotEmpty(problems);
        Assert.All(problems, p => Assert.DoesNotContain("CANARY", p.ToString(), StringComparison.Ordinal));
    }

    private static IReadOnlyList<ConfigProblem> Validate((string Name, string Value)[] settings, (string Name, string Value)[] secrets) =>
        new ServiceTitanConnector().Validate(new ConnectionSettings
        {
            Name = "t",
            Connector = "servicetitan",
            Settings = settings.ToDictionary(s => s.Name, s => s.Value),
            Secrets = secrets.ToDictionary(s => s.Name, s => s.Value),
        });
}
