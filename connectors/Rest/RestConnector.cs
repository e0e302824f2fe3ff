using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Rest;

/// <summary>Any system with a REST API, for the activity <c>http</c>: one origin, one way to sign in, one budget.</summary>
public sealed class RestConnector : IConnector
{
    private readonly Func<HttpMessageHandler>? _transport;

    /// <summary>A connector that talks over sockets.</summary>
    public RestConnector()
        : this(null)
    {
    }

    /// <summary>A connector with a transport of its own, for a server inside the process; null = sockets.</summary>
    public RestConnector(Func<HttpMessageHandler>? transport)
    {
        _transport = transport;
    }

    /// <inheritdoc/>
    public ConnectorDescriptor Descriptor { get; } = new()
    {
        Name = "http",
        Title = "REST",
        Entities = [],
        TakesHttp = true,
        Settle = TimeSpan.FromMinutes(1),
        Settings =
        [
            new() { Name = "baseAddress", Description = "Where paths begin: an https address, such as https://api.example.com/v2. Nothing outside of it is called.", Required = true },
            new() { Name = "auth", Description = "none, bearer (token), basic (username and password), header (apiKey in keyHeader) or clientCredentials (clientId and clientSecret at tokenAddress).", Default = "none" },
            new() { Name = "username", Description = "The user of basic." },
            new() { Name = "keyHeader", Description = "The header that carries the apiKey.", Default = "X-Api-Key" },
            new() { Name = "tokenAddress", Description = "Where clientCredentials fetches its token: an https address." },
            new() { Name = "scope", Description = "The scope clientCredentials asks for. Default none." },
            new() { Name = "ratePerSecond", Description = "Calls per second. Default: no limit but the server's own 429.", Type = FieldType.Of(FieldKind.Number) },
            new() { Name = "callsPerDay", Description = "Calls in 24 hours. Default: no limit.", Type = FieldType.Of(FieldKind.Integer) },
            new() { Name = "timeout", Description = "Seconds one call may take, from 1 to 600.", Type = FieldType.Of(FieldKind.Number), Default = "30" },
            new() { Name = "allowPrivate", Description = "Loopback and private addresses, and plain http, may be called. Default false.", Type = FieldType.Of(FieldKind.Boolean), Default = "false" },
        ],
        Secrets =
        [
            new() { Name = "token", Description = "The token of bearer." },
            new() { Name = "password", Description = "The password of basic." },
            new() { Name = "apiKey", Description = "The key of header." },
            new() { Name = "clientId", Description = "The client of clientCredentials." },
            new() { Name = "clientSecret", Description = "The secret of clientCredentials." },
        ],
    };

    /// <inheritdoc/>
    public IReadOnlyList<ConfigProblem> Validate(ConnectionSettings settings) => RestSettings.Read(settings, Descriptor).Problems;

    /// <inheritdoc/>
    public IConnection Connect(ConnectionSettings settings, ConnectorContext context)
    {
        var (read, problems) = RestSettings.Read(settings, Descriptor);
        if (problems.Count > 0) throw new ArgumentException($"The settings of {settings.Name} were not validated: {problems[0].Path}: {problems[0].Message}", nameof(settings));
        return new RestConnection(read, context, _transport);
    }
}
