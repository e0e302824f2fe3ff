using Microsoft.AspNetCore.Http;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Hosting;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Api;

/// <summary>Connections with write-only secrets.</summary>
internal static class ConnectionEndpoints
{
    private const int LongestValue = 16 * 1024;
    private const int LongestTitle = 200;
    private const int UsualRecords = 5;
    private const int MostRecords = 25;
    private const string AllowPrivate = "allowPrivate";

    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("GET", "/api/connections", Role.Viewer, "listConnections", "Connections; secrets are named, never told.", ListAsync) { Answer = typeof(Whole<ConnectionView>) },
        new("GET", "/api/connections/{name}", Role.Viewer, "getConnection", "A connection; its ETag may be given when it is saved.", FindAsync) { Answer = typeof(ConnectionView) },
        new("PUT", "/api/connections/{name}", Role.Admin, "putConnection", "Saves a connection; secrets that are left out stay as they are.", PutAsync) { Answer = typeof(ConnectionView) },
        new("DELETE", "/api/connections/{name}", Role.Admin, "deleteConnection", "Takes a connection away that no deployment uses.", DeleteAsync) { Status = StatusCodes.Status204NoContent },
        new("GET", "/api/connections/{name}/records/{entity}", Role.Operator, "readRecords", "Some records of the org, one by its id, or those whose field has a value (both: one where it is shown only together with what it belongs to), as samples for a mapping; values of sensitive fields are hidden.", RecordsAsync) { Answer = typeof(Whole<System.Text.Json.JsonElement>) },
        new("POST", "/api/connections/{name}/test", Role.Operator, "testConnection", "Opens it now and asks the org for what its deployments need.", TestAsync) { Answer = typeof(ConnectionTestView) },
    ];

    private static async Task<IResult> ListAsync(Call call, CancellationToken cancellationToken)
    {
        var kept = await call.Host.Settings.Connections.ReadAsync(call.Caller.Workspace, cancellationToken).ConfigureAwait(false);
        return Results.Json(new Whole<ConnectionView>([.. call.Workspace.Connections.Names.Keys.Order(StringComparer.Ordinal).Select(n => View(call, n, kept.FirstOrDefault(k => k.Name == n)))]));
    }

    private static async Task<IResult> FindAsync(Call call, HttpContext context, string name, CancellationToken cancellationToken)
    {
        if (!call.Workspace.Connections.Knows(name)) return NotThere(name);
        var kept = await KeptAsync(call, name, cancellationToken).ConfigureAwait(false);
        if (kept is not null) context.Response.Headers.ETag = Revisions.Tag(kept.Revision);
        return Results.Json(View(call, name, kept));
    }

    private static async Task<IResult> PutAsync(Call call, Deployer deployer, ApiServerOptions options, HttpContext context, string name, ConnectionBody body, OrgCatalog orgs, CancellationToken cancellationToken)
    {
        if (!Paging.IsName(name)) return Problem.BadRequest(Paging.BadName(name));
        if (call.Workspace.Connections.Knows(name) && !call.Workspace.KeptConnections.ContainsKey(name)) return Problem.Conflict($"'{name}' is described by a file of the workspace folder; change the file, or take it away first.");
        if (call.Host.Connectors.FirstOrDefault(c => c.Descriptor.Name == body.Connector) is not { } connector) return CatalogEndpoints.NoConnector(call, body.Connector ?? "");
        var before = await KeptAsync(call, name, cancellationToken).ConfigureAwait(false);
        if (before is not null && before.Connector != body.Connector) return Problem.Conflict($"'{name}' is a {before.Connector} connection and stays one; choose another name.");
        var secrets = new Dictionary<string, string>(before?.Secrets ?? new Dictionary<string, string>());
        foreach (var (secret, value) in body.Secrets ?? new Dictionary<string, string?>())
        {
            if (value is null) secrets.Remove(secret);
            else secrets[secret] = value;
        }

        var stored = new StoredConnection
        {
            Workspace = call.Caller.Workspace, Name = name, Connector = connector.Descriptor.Name, Title = body.Title, Settings = body.Settings ?? new Dictionary<string, string>(),
            Secrets = secrets, UpdatedAt = call.Now, UpdatedBy = call.Caller.Name,
        };
        if (Mistakes(connector, stored, options) is { Count: > 0 } mistakes) return Problem.Unprocessable($"The connection '{name}' was not saved: {string.Join(" ", mistakes)}");
        if (context.Request.Headers.IfMatch.Count + context.Request.Headers.IfNoneMatch.Count > 0)
        {
            if (!Revisions.TryRead(context.Request, out var expected)) return Problem.SayRevision();
            if (expected != before?.Revision) return before is null ? NotThere(name) : ChangedBy(before);
        }

        if (await OtherRealmAsync(call, stored, cancellationToken).ConfigureAwait(false) is { } other) return other;
        if (!await call.Host.Settings.Connections.SaveAsync(stored, before?.Revision ?? 0, cancellationToken).ConfigureAwait(false))
        {
            return Problem.Conflict($"The connection '{name}' was saved by somebody else at the same moment; read it again.");
        }

        await deployer.ConnectAsync(call.Workspace, stored, CancellationToken.None).ConfigureAwait(false);
        orgs.Forget(call.Caller.Workspace, name);
        var now = (await KeptAsync(call, name, CancellationToken.None).ConfigureAwait(false))!;
        await call.AuditAsync("connection.put", name, before is null ? null : Told(before), Told(now)).ConfigureAwait(false);
        context.Response.Headers.ETag = Revisions.Tag(now.Revision);
        return Results.Json(View(call, name, now), statusCode: before is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    /// <summary>What deployments remember hangs on the realm: a connection they use does not become another org or tenant under them.</summary>
    private static async Task<IResult?> OtherRealmAsync(Call call, StoredConnection stored, CancellationToken cancellationToken)
    {
        var used = call.Host.Runtime.Registry.All.Where(d => d.Ref.Workspace == stored.Workspace).SelectMany(d => d.Connections.Values.Where(c => c.Name == stored.Name).Select(c => (d.Name, c.Realm))).ToList();
        if (used.Count == 0 || call.Workspace.Connections.IsSame(Deployer.SettingsOf(stored))) return null;
        // One that cannot be opened now is saved all the same: the next start looks again.
        var opened = await call.Workspace.Connections.TestAsync(Deployer.SettingsOf(stored), cancellationToken).ConfigureAwait(false);
        if (!opened.Succeeded || used.All(u => u.Realm == opened.Value.Realm)) return null;
        return Problem.Conflict($"'{stored.Name}' would be {opened.Value.Realm}, but {string.Join(", ", used.Select(u => u.Name).Distinct())} remembers what was done in {used[0].Realm}. Make a connection of another name, and bind what uses this one to it with confirmRealm=true.");
    }

    private static async Task<IResult> DeleteAsync(Call call, OrgCatalog orgs, string name, CancellationToken cancellationToken)
    {
        if (await KeptAsync(call, name, cancellationToken).ConfigureAwait(false) is not { } kept)
        {
            return call.Workspace.Connections.Knows(name) ? Problem.Conflict($"'{name}' is described by a file of the workspace folder; take the file away.") : NotThere(name);
        }

        if (Users(call, name) is { Count: > 0 } users) return Problem.Conflict($"'{name}' is used by {string.Join(", ", users)}; take these deployments away first.");
        await call.Host.Settings.Connections.DeleteAsync(call.Caller.Workspace, name, cancellationToken).ConfigureAwait(false);
        call.Workspace.KeptConnections.TryRemove(name, out _);
        await call.Workspace.Connections.RemoveAsync(name).ConfigureAwait(false);
        orgs.Forget(call.Caller.Workspace, name);
        await call.AuditAsync("connection.delete", name, Told(kept), null).ConfigureAwait(false);
        return Results.NoContent();
    }

    private static async Task<IResult> TestAsync(Call call, string name, CancellationToken cancellationToken)
    {
        if (!call.Workspace.Connections.Knows(name)) return NotThere(name);
        var (opened, missing) = await call.Host.TestAsync(call.Workspace, name, cancellationToken).ConfigureAwait(false);
        return Results.Json(opened.Succeeded
            ? new ConnectionTestView(missing.Count == 0, opened.Value.Realm, null, null, missing)
            : new ConnectionTestView(false, null, opened.Error.Code, opened.Error.Message, []));
    }

    private static async Task<IResult> RecordsAsync(Call call, OrgCatalog orgs, string name, string entity, string? id, string? by, string? value, int? limit, CancellationToken cancellationToken)
    {
        if (limit is { } asked && asked is < 1 or > MostRecords) return Problem.BadRequest($"'limit' is a number from 1 to {MostRecords}.");
        if (by is null != value is null) return Problem.BadRequest("Give 'by' and 'value' together.");
        if (!call.Workspace.Connections.Knows(name)) return NotThere(name);
        var opened = await call.Workspace.Connections.OpenAsync(name, cancellationToken).ConfigureAwait(false);
        if (!opened.Succeeded) return Outside(name, opened.Error);
        var read = await orgs.ReadAsync(call.Workspace, name, entity, refresh: false, cancellationToken).ConfigureAwait(false);
        var known = read.Succeeded ? read.Value.Entity : opened.Value.Descriptor.Entity(entity);
        if (known is not { Queryable: true }) return Problem.NotFound($"The connection '{name}' has no '{entity}' that can be read.");
        if (by is not null && known.Fields.All(f => f.Name != by)) return Problem.BadRequest($"{entity} has no field '{by}'.");
        List<Condition> conditions = id is null ? [] : [new FieldCondition(known.IdField, Comparison.In, [id])];
        if (by is not null) conditions.Add(new FieldCondition(by, Comparison.In, [value!]));
        var answer = await opened.Value.Connection.ReadAsync(
            new ReadBatch
            {
                Entity = entity, Fields = [.. known.Fields.Where(f => f.Readable).Select(f => f.Name)], RowCap = limit ?? UsualRecords, Priority = CallPriority.Backfill,
                Conditions = [conditions.Count == 1 ? conditions[0] : new AllOf(conditions)],
            },
            cancellationToken).ConfigureAwait(false);
        if ((answer.CallError ?? answer.Items[0].Error) is { } error) return Outside(name, error);
        return Results.Json(new Whole<System.Text.Json.JsonElement>([.. answer.Items[0].Value!.Rows.Select(r => PayloadJson.ToJson(Redaction.Of(r, known.Fields)))]));
    }

    private static IResult Outside(string name, OperationError error) =>
        Problem.Of(StatusCodes.Status502BadGateway, "outside", $"The connection '{name}' cannot be asked: {error.Message}");

    private static List<string> Mistakes(IConnector connector, StoredConnection stored, ApiServerOptions options)
    {
        var descriptor = connector.Descriptor;
        var found = new List<string>();
        if (stored.Title is { } title && (title.Length > LongestTitle || title.Any(char.IsControl))) found.Add($"A title is at most {LongestTitle} characters.");
        foreach (var (name, value) in stored.Settings)
        {
            if (descriptor.Settings.All(s => s.Name != name)) found.Add($"There is no setting '{Shown(name)}'; there are {string.Join(", ", descriptor.Settings.Select(s => s.Name))}.");
            else if (value is null || value.Length > LongestValue) found.Add($"The setting '{name}' is a text of at most {LongestValue} characters.");
        }

        foreach (var (name, value) in stored.Secrets)
        {
            if (descriptor.Secrets.All(s => s.Name != name)) found.Add($"There is no secret '{Shown(name)}'; there are {string.Join(", ", descriptor.Secrets.Select(s => s.Name))}.");
            else if (value.Length > LongestValue) found.Add($"The secret '{name}' is longer than {LongestValue} characters.");
        }

        if (!options.AllowPrivate && stored.Settings.GetValueOrDefault(AllowPrivate) is { } allowed && !string.Equals(allowed, "false", StringComparison.OrdinalIgnoreCase))
        {
            found.Add("This server does not let connections reach private addresses ('allowPrivate'); its operator can allow it with --allow-private.");
        }

        if (found.Count == 0) found.AddRange(connector.Validate(Deployer.SettingsOf(stored)).Select(p => $"{p.Path}: {p.Message}"));
        return found;
    }

    private static async Task<StoredConnection?> KeptAsync(Call call, string name, CancellationToken cancellationToken) =>
        (await call.Host.Settings.Connections.ReadAsync(call.Caller.Workspace, cancellationToken).ConfigureAwait(false)).FirstOrDefault(c => c.Name == name);

    private static ConnectionView View(Call call, string name, StoredConnection? kept)
    {
        var (settings, secrets) = call.Workspace.Connections.Describe(name);
        return new ConnectionView
        {
            Name = name, Connector = call.Workspace.Connections.Names[name], Title = kept?.Title, Origin = kept is null ? "file" : "api", Settings = settings, Secrets = secrets,
            Realm = call.Workspace.Connections.RealmOf(name), Revision = kept?.Revision, UpdatedAt = kept?.UpdatedAt, UpdatedBy = kept?.UpdatedBy, Deployments = Users(call, name),
        };
    }

    private static object Told(StoredConnection kept) => new { kept.Connector, kept.Title, kept.Settings, secrets = kept.Secrets.Keys.Order(StringComparer.Ordinal), kept.Revision };

    private static List<string> Users(Call call, string name) =>
    [
        .. call.Host.Runtime.Registry.All.Where(d => d.Ref.Workspace == call.Caller.Workspace && d.Connections.Values.Any(c => c.Name == name)).Select(d => d.Name).Order(StringComparer.Ordinal),
    ];

    private static string Shown(string name) => name.Length <= 40 ? name : name[..40] + "…";

    private static IResult NotThere(string name) => Problem.NotFound($"There is no connection '{name}'.");

    private static IResult ChangedBy(StoredConnection now) =>
        Problem.Changed($"'{now.Name}' was saved by {now.UpdatedBy} meanwhile (revision {now.Revision}). Read it again.", now.UpdatedBy, now.UpdatedAt);
}
