using System.Globalization;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.Salesforce.Soql;

/// <summary>The vendor's way of pointing at a place in a query.</summary>
internal static class SoqlFault
{
    public static Refusal Malformed(string query, int at, string message) => At("MALFORMED_QUERY", query, at, message);

    public static Refusal Field(string query, int at, string message) => At("INVALID_FIELD", query, at, message);

    public static Refusal NoColumn(string query, int at, string column, string entity) => Field(
        query, at, $"No such column '{column}' on entity '{entity}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.");

    public static Refusal NoRelation(string query, int at, string relation, string path) => Field(
        query, at, $"Didn't understand relationship '{relation}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.");

    public static Refusal At(string code, string query, int at, string message)
    {
        var (from, to) = (Math.Max(0, at - 40), Math.Min(query.Length, at + 30));
        var line = query[from..to].Replace('\n', ' ').Replace('\r', ' ');
        return SalesforceErrors.Refuse(
            400, code, string.Create(CultureInfo.InvariantCulture, $"\n{line}\n{new string(' ', at - from)}^\nERROR at Row:1:Column:{at + 1}\n{message}"));
    }
}
