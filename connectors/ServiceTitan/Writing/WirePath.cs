using System.Text.RegularExpressions;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Fills a path of the catalogue: tenant, settings, and values of the write itself.</summary>
internal static partial class WirePath
{
    /// <summary>The path, and the names of the values it took.</summary>
    public static Outcome<(string Path, IReadOnlySet<string> Used)> Fill(Session session, string template, IReadOnlyDictionary<string, object?> values)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        OperationError? error = null;
        var path = Hole().Replace(session.Path(template), match =>
        {
            var name = match.Groups[1].Value;
            if (name == "bookingProvider")
            {
                if (session.Settings.BookingProvider is { } provider) return provider;
                error ??= new OperationError(ErrorKind.Misconfigured, "bookingProvider", "Writing bookings needs the connection's setting bookingProvider.") { NotExecuted = true };
                return "";
            }

            used.Add(name);
            // Only digits reach an address: nothing can leave its place in it.
            if (values.GetValueOrDefault(name) is { } value && Id(value) is { } id) return id;
            error ??= ServiceTitanErrors.Unfit($"{name} must be the id of a record.", name);
            return "";
        });
        return error is null ? (path, (IReadOnlySet<string>)used) : error;
    }

    private static string? Id(object value) => value switch
    {
        string { Length: > 0 and <= 19 } text when text.All(char.IsAsciiDigit) => text,
        long number and >= 0 => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };

    [GeneratedRegex(@"\{(\w+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Hole();
}
