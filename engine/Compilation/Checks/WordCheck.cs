using Cronos;
using NodaTime;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>A literal time zone exists; a literal schedule can be read.</summary>
internal static class WordCheck
{
    public static void Check(ValueDefinition value, string? word, DiagnosticBag problems)
    {
        if (value is not LiteralValue literal) return;
        if (word == "timeZone") TimeZone(literal, problems);
        else if (word == "cron") Cron(literal, problems);
    }

    public static void TimeZone(LiteralValue literal, DiagnosticBag problems)
    {
        var zones = DateTimeZoneProviders.Tzdb;
        if (zones.GetZoneOrNull(literal.Text) is null) problems.Add(FieldDiagnostics.UnknownTimeZone(literal.Span, literal.Text, zones.Ids));
    }

    public static void Cron(LiteralValue literal, DiagnosticBag problems)
    {
        try
        {
            CronExpression.Parse(literal.Text);
        }
        catch (CronFormatException e)
        {
            problems.Add(FieldDiagnostics.BadCron(literal.Span, literal.Text, e.Message));
        }
    }
}
