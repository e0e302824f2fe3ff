using System.Text.RegularExpressions;

namespace WorkflowEngine.Definitions;

/// <summary>Reads the names of entities, events and operations behind a connection.</summary>
internal sealed partial class ReferenceReader(ShapeReader shapes)
{
    public EntityReference? Entity(YamlEntry? entry, string example = "salesforce/Account")
    {
        if (Scalar(entry, $"an entity for '{entry?.Key.Value}'", $"{entry?.Key.Value}: {example}") is not { } scalar)
        {
            return null;
        }

        if (EntityPattern().IsMatch(scalar.Value))
        {
            return Entity(scalar, 0, scalar.Value.Length);
        }

        shapes.Diagnostics.Add(ShapeDiagnostics.BadReference(
            scalar.Span, ShapeReader.Shorten(scalar.Value), "connection/Entity", $"{entry!.Key.Value}: {example}"));
        return null;
    }

    public EventReference? Event(YamlEntry? entry, string example = "servicetitan/customer.changed")
    {
        if (Scalar(entry, $"an entity or its event for '{entry?.Key.Value}'", $"{entry?.Key.Value}: {example}") is not { } scalar)
        {
            return null;
        }

        if (EventPattern().IsMatch(scalar.Value))
        {
            var dot = scalar.Value.LastIndexOf('.');
            return dot < 0
                ? new EventReference(scalar.Span, Entity(scalar, 0, scalar.Value.Length), null)
                : new EventReference(scalar.Span, Entity(scalar, 0, dot), Part(scalar, dot + 1, scalar.Value.Length - dot - 1));
        }

        shapes.Diagnostics.Add(ShapeDiagnostics.BadReference(
            scalar.Span, ShapeReader.Shorten(scalar.Value), "connection/entity.event", $"{entry!.Key.Value}: {example}"));
        return null;
    }

    public OperationReference? Operation(YamlEntry? entry)
    {
        if (Scalar(entry, "an operation for 'call'", "call: servicetitan/job.cancel") is not { } scalar)
        {
            return null;
        }

        if (OperationPattern().IsMatch(scalar.Value))
        {
            var slash = scalar.Value.IndexOf('/');
            return new OperationReference(scalar.Span, Part(scalar, 0, slash), Part(scalar, slash + 1, scalar.Value.Length - slash - 1));
        }

        shapes.Diagnostics.Add(ShapeDiagnostics.BadReference(
            scalar.Span, ShapeReader.Shorten(scalar.Value), "connection/operation", "call: servicetitan/job.cancel"));
        return null;
    }

    /// <summary>The entity in a stretch of a scalar that is known to be of the form connection/Entity.</summary>
    public static EntityReference Entity(YamlScalar scalar, int start, int length)
    {
        var slash = scalar.Value.IndexOf('/', start);
        return new EntityReference(
            scalar.SpanOfValue(start, length), Part(scalar, start, slash - start), Part(scalar, slash + 1, start + length - slash - 1));
    }

    public static Located<string> Part(YamlScalar scalar, int start, int length) =>
        new(scalar.Value.Substring(start, length), scalar.SpanOfValue(start, length));

    private YamlScalar? Scalar(YamlEntry? entry, string expected, string example)
    {
        switch (entry?.Value)
        {
            case null:
                return null;
            case YamlScalar expression when ShapeReader.IsExpression(expression):
                shapes.Diagnostics.Add(ShapeDiagnostics.ExpressionNotAllowed(expression.Span, entry.Key.Value));
                return null;
            case YamlScalar { Kind: YamlScalarKind.Text } scalar:
                return scalar;
            default:
                shapes.Wrong(entry.Value, expected, example);
                return null;
        }
    }

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_-]*/[A-Za-z][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex EntityPattern();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_-]*/[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex EventPattern();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_-]*/[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex OperationPattern();
}
