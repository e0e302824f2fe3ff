using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Binding;

/// <summary>Everything one compilation shares. Lives for one flow, on one thread.</summary>
internal sealed class FlowSession
{
    public FlowSession(CompileContext context, FlowDefinition flow, DiagnosticBag problems)
    {
        Context = context;
        Flow = flow;
        Problems = problems;
        Catalog = FlowCatalog.Build(context, flow, problems);
        Shapes = new RecordShapes();
        Expressions = new ExpressionBinder(Shapes, problems);
        Values = new ValueBinder(Expressions, Shapes, problems);
        Types = new TypeBinder(Catalog, problems);
        Plan = new PlanWriter();
        Expressions.Watch = analysis =>
        {
            foreach (var (shape, field) in analysis.FieldReads)
            {
                // Whether a record was there before cannot be told a second time.
                NeedsCheckpoint |= field is "created" or "changed" or "existed" && OutcomeShapes.Contains(shape);
            }
        };
    }

    public CompileContext Context { get; }

    public FlowDefinition Flow { get; }

    public DiagnosticBag Problems { get; }

    public FlowCatalog Catalog { get; }

    public RecordShapes Shapes { get; }

    public ExpressionBinder Expressions { get; }

    public ValueBinder Values { get; }

    public TypeBinder Types { get; }

    public PlanWriter Plan { get; }

    /// <summary>Entities the steps read, with the place; rules about the whole flow look at them.</summary>
    public List<(EntityModel Entity, StepDefinition Step)> Reads { get; } = [];

    /// <summary>Entities the steps write.</summary>
    public List<(EntityModel Entity, StepDefinition Step)> Writes { get; } = [];

    /// <summary>Shapes of write outputs, so that reads of <c>created</c> and <c>changed</c> are seen.</summary>
    public HashSet<ObjectShape> OutcomeShapes { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>What is decided when the whole flow was walked.</summary>
    public List<Action> AtEnd { get; } = [];

    /// <summary>Each step id of the flow with the place it is first given at.</summary>
    public Dictionary<string, SourceSpan> StepIds { get; } = new(StringComparer.Ordinal);

    /// <summary>Paths of the input that lines of <c>set</c> read directly.</summary>
    public HashSet<string> WrittenInput { get; } = new(StringComparer.Ordinal);

    /// <summary>Some effect cannot be repeated without a checkpoint.</summary>
    public bool NeedsCheckpoint { get; set; }
}
