namespace WorkflowEngine.Definitions;

/// <summary>Reads values, conditions and blocks of lines.</summary>
internal sealed class ValueReader(ShapeReader shapes, ReferenceReader references)
{
    public ValueDefinition? Value(YamlEntry? entry) => entry is null ? null : Value(entry.Value);

    /// <param name="overlay">Whether <c>{ remove: true }</c> may stand here.</param>
    public ValueDefinition? Value(YamlNode node, bool overlay = false)
    {
        switch (node)
        {
            case YamlSequence sequence:
                return new ListValue(node.Span, [.. sequence.Items.Select(i => Value(i)).OfType<ValueDefinition>()]);
            case YamlMapping mapping when mapping.Find("literal") is { } literal && mapping.Entries.Count == 1:
                return Literal(literal.Value);
            case YamlMapping mapping when mapping.Find("ref") is not null:
                return Reference(mapping);
            case YamlMapping { Entries: [{ Key.Value: "remove", Value: YamlScalar { Kind: YamlScalarKind.True } }] } when overlay:
                return new RemoveValue(node.Span);
            case YamlMapping mapping:
                return new ObjectValue(node.Span, Lines(mapping, overlay: false));
            case YamlScalar scalar:
                return Scalar(scalar);
            default:
                return null;
        }
    }

    /// <summary>A value that must be an expression, such as the list of a forEach.</summary>
    public ValueDefinition? Expression(YamlEntry? entry, string example)
    {
        if (entry is null)
        {
            return null;
        }

        if (entry.Value is YamlScalar { Kind: not YamlScalarKind.Refused } && !ShapeReader.IsExpression(entry.Value))
        {
            shapes.Diagnostics.Add(ShapeDiagnostics.ExpressionNeeded(entry.Value.Span, entry.Key.Value, example));
            return null;
        }

        return Value(entry.Value);
    }

    /// <summary>A duration written out, or an expression.</summary>
    public ValueDefinition? Duration(YamlEntry? entry)
    {
        var value = entry is null ? null : Value(entry.Value);
        if (value is null or ExpressionValue || (value is LiteralValue literal && DurationText.TryParse(literal.Text, out _)))
        {
            return value;
        }

        shapes.BadDuration(entry!);
        return null;
    }

    /// <summary>Text or an expression.</summary>
    public ValueDefinition? Message(YamlEntry? entry, string example)
    {
        var value = entry is null ? null : Value(entry.Value);
        if (value is null or ExpressionValue or LiteralValue { Kind: not LiteralKind.Boolean })
        {
            return value;
        }

        shapes.Wrong(entry!.Value, $"text or an expression for '{entry.Key.Value}'", $"{entry.Key.Value}: {example}");
        return null;
    }

    public ConditionDefinition? Condition(YamlEntry? entry)
    {
        switch (entry?.Value)
        {
            case null or YamlScalar { Kind: YamlScalarKind.Refused }:
                return null;
            case YamlScalar { Kind: YamlScalarKind.True or YamlScalarKind.False } scalar:
                return new ConditionDefinition(scalar.Span, null, scalar.Kind == YamlScalarKind.True);
            case YamlScalar scalar when ShapeReader.IsExpression(scalar):
                return Scalar(scalar) is ExpressionValue value ? new ConditionDefinition(scalar.Span, value.Expression, false) : null;
            case YamlScalar { Kind: YamlScalarKind.Text } scalar:
                shapes.Diagnostics.Add(ShapeDiagnostics.ForgottenEquals(scalar.Span, entry.Key.Value, ShapeReader.Shorten(scalar.Value)));
                return null;
            default:
                shapes.Wrong(entry.Value, $"an expression or true or false for '{entry.Key.Value}'", $"{entry.Key.Value}: =input.active");
                return null;
        }
    }

    public WithDefinition? With(YamlEntry? entry)
    {
        if (entry is null)
        {
            return null;
        }

        if (ShapeReader.IsExpression(entry.Value))
        {
            return Value(entry.Value) is ExpressionValue whole ? new WithDefinition(entry.Value.Span, entry.Key.Span, whole, []) : null;
        }

        return shapes.Mapping(entry.Value, $"names and values, or one expression, for '{entry.Key.Value}'", "with: { id: =input.id }") is { } mapping
            ? new WithDefinition(mapping.Span, entry.Key.Span, null, Lines(mapping, overlay: false))
            : null;
    }

    public SetBlock? Block(YamlEntry? entry, string example, bool overlay = false)
    {
        if (entry is null)
        {
            return null;
        }

        return shapes.Mapping(entry.Value, $"names and values for '{entry.Key.Value}'", $"{entry.Key.Value}: {example}") is { } mapping
            ? new SetBlock(mapping.Span, entry.Key.Span, Lines(mapping, overlay))
            : null;
    }

    public IReadOnlyList<FieldLine> Lines(YamlMapping mapping, bool overlay)
    {
        var lines = new List<FieldLine>(mapping.Entries.Count);
        foreach (var entry in mapping.Entries)
        {
            if (Value(entry.Value, overlay) is { } value)
            {
                lines.Add(new FieldLine(entry.Name, value));
            }
        }

        return lines;
    }

    private ValueDefinition? Scalar(YamlScalar scalar)
    {
        if (ShapeReader.IsExpression(scalar))
        {
            if (string.IsNullOrWhiteSpace(scalar.Value[1..]))
            {
                shapes.Diagnostics.Add(ShapeDiagnostics.EmptyExpression(scalar.Span));
                return null;
            }

            return new ExpressionValue(scalar.Span, new ExpressionText(scalar, 1));
        }

        return scalar.Kind switch
        {
            YamlScalarKind.Null => new NullValue(scalar.Span),
            YamlScalarKind.Number => new LiteralValue(scalar.Span, LiteralKind.Number, scalar.Value, false),
            YamlScalarKind.True or YamlScalarKind.False => new LiteralValue(scalar.Span, LiteralKind.Boolean, scalar.Value, false),
            YamlScalarKind.Text => new LiteralValue(scalar.Span, LiteralKind.Text, scalar.Value, !scalar.IsPlain),
            _ => null,
        };
    }

    private ValueDefinition? Literal(YamlNode node)
    {
        if (node is YamlScalar { Kind: YamlScalarKind.Text } scalar)
        {
            return new LiteralValue(scalar.Span, LiteralKind.Text, scalar.Value, Quoted: true);
        }

        if (node is YamlScalar { Kind: not YamlScalarKind.Refused } other)
        {
            return Scalar(other);
        }

        shapes.Wrong(node, "text for 'literal'", "{ literal: \"=x\" }");
        return null;
    }

    private ReferenceValue? Reference(YamlMapping mapping)
    {
        const string Example = "{ ref: salesforce/Account, by: ServiceTitan_Customer_Id__c, value: =input.id }";
        var keys = new KeyReader(shapes.Diagnostics, mapping, "A reference", mapping.Find("ref")!.Key.Span);
        var entity = references.Entity(keys.Optional("ref"));
        var by = shapes.Text(keys.Required("by", Example), "ServiceTitan_Customer_Id__c");
        var value = Value(keys.Required("value", Example));
        var orElse = shapes.Word(keys.Optional("orElse"), OrElse.Later, OrElse.None, OrElse.Fail);
        keys.Close();
        return entity is null || by is null || value is null ? null : new ReferenceValue(mapping.Span, entity, by, value, orElse);
    }
}
