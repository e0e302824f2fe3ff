using System.Globalization;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Salesforce;

/// <summary>Reads <c>Sforce-Limit-Info: api-usage=18/5000</c>, which every REST answer carries.</summary>
internal static class LimitInfo
{
    private const string Usage = "api-usage=";

    public static void Observe(HttpResponseMessage response, ICallGate gate)
    {
        if (!response.Headers.TryGetValues("Sforce-Limit-Info", out var values)) return;
        foreach (var part in values.SelectMany(v => v.Split(';', ',')))
        {
            var text = part.AsSpan().Trim();
            if (!text.StartsWith(Usage, StringComparison.Ordinal)) continue;
            text = text[Usage.Length..];
            var slash = text.IndexOf('/');
            if (slash > 0
                && long.TryParse(text[..slash], NumberStyles.None, CultureInfo.InvariantCulture, out var used)
                && long.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
                && limit > 0)
            {
                gate.Observe(used, limit);
            }

            return;
        }
    }
}
