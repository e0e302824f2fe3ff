using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;

namespace WorkflowEngine.Compilation.Binding;

/// <summary>Which records a block of lines writes.</summary>
[Flags]
internal enum SetHalf
{
    /// <summary>The whole entity is refused already.</summary>
    None = 0,
    Create = 1,
    Update = 2,
    Both = 3,
}

/// <summary>A line that was bound: what rules about the whole step look at.</summary>
internal sealed record BoundLine(FieldLine Line, ResolvedField Field, BoundValue Value, PlanFieldLine Plan);

/// <summary>Binds the lines of <c>set</c>, <c>setOnCreate</c> and <c>setOnUpdate</c> to the fields of an entity.</summary>
internal sealed class SetBinder(FlowSession session, EntityModel entity, StepScope scope, MappingWriter values)
{
    public IReadOnlyList<BoundLine> Bind(IEnumerable<FieldLine> lines, SetHalf half, IReadOnlySet<string>? keys = null)
    {
        var bound = new List<BoundLine>();
        foreach (var line in lines)
        {
            if (FieldCheck.Resolve(entity, line.Name, session.Problems) is not { } field)
            {
                Loose(line.Value);
                continue;
            }

            WritableCheck.Check(field, line.Name.Span, half, session.Problems);
            bound.Add(line.Value is ReferenceValue reference ? Reference(line, field, reference) : Value(line, field, keys));
        }

        return bound;
    }

    /// <summary>Checks the expressions of lines whose fields are not known.</summary>
    public void Loose(IEnumerable<FieldLine> lines)
    {
        foreach (var line in lines) Loose(line.Value);
    }

    private BoundLine Value(FieldLine line, ResolvedField field, IReadOnlySet<string>? keys)
    {
        var place = ValuePlace.Set(field);
        if (keys?.Contains(field.Path) == true) place = place with { Options = place.Options with { NullInTemplateIsError = true } };
        var value = session.Values.Bind(line.Value, place, scope.Names);
        foreach (var read in value.Reads)
        {
            if (read is { Root: "input", Members.Length: > 0 }) session.WrittenInput.Add(read.Members[0]);
        }

        return Line(line, field, value, null);
    }

    private BoundLine Reference(FieldLine line, ResolvedField field, ReferenceValue reference)
    {
        var value = BoundValue.Null(reference.Span);
        PlanReference? plan = null;
        if (session.Catalog.Entity(reference.Entity, session.Problems) is { } parent)
        {
            var ofField = field.Type.Entity;
            if (field.Type.Kind != FieldKind.Id || (ofField is not null && ofField != parent.Name) || parent.Connection != entity.Connection)
            {
                session.Problems.Add(FieldDiagnostics.NotAReference(reference.Entity.Span, $"{entity.Name}.{field.Path}", FieldTypes.Describe(field.Type), parent.FullName));
            }

            if (FieldCheck.Resolve(parent, reference.By, session.Problems) is { } by)
            {
                if (!by.Field.ExternalId)
                {
                    var known = parent.Descriptor.Fields.Where(f => f.ExternalId).Select(f => f.Name).ToArray();
                    session.Problems.Add(FieldDiagnostics.NotAnExternalId(reference.By.Span, parent.FullName, by.Path, known));
                }

                value = session.Values.Bind(reference.Value, ValuePlace.Compared(by, AnalysisOptions.Key), scope.Names);
                plan = new PlanReference(parent.Name, by.Field, reference.OrElse?.Value switch
                {
                    OrElse.None => PlanOrElse.None,
                    OrElse.Fail => PlanOrElse.Fail,
                    OrElse.Stop => PlanOrElse.Stop,
                    _ => PlanOrElse.Later,
                });
                return Line(line, field, value, plan);
            }
        }

        Loose(reference.Value);
        return Line(line, field, value, plan);
    }

    private BoundLine Line(FieldLine line, ResolvedField field, BoundValue value, PlanReference? reference) => new(line, field, value, new PlanFieldLine
    {
        Path = field.Path,
        Field = field.Field,
        Value = values.Add(value),
        Reference = reference,
        Hidden = field.Field.Sensitive || value.Hidden,
        Place = ExpressionBinder.Place(line.Name.Span),
    });

    private void Loose(ValueDefinition value)
    {
        if (value is ReferenceValue reference)
        {
            Loose(reference.Value);
            return;
        }

        session.Values.Bind(value, ValuePlace.Anything("this") with { Options = AnalysisOptions.FieldValue }, scope.Names);
    }
}
