using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Binding;

/// <summary>Everything one compilation shares. Lives for one flow, on one thread.</summary>
internal sealed class FlowSession
{
    /// <param name="context">What it is compiled against.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="problems">Takes what is found.</param>
    /// <param name="plan">The plan it is taken into; null = one of its own.</param>
    public FlowSession(CompileContext context, FlowDefinition flow, DiagnosticBag problems, PlanWriter? plan = null)
    {
        Context = context;
        Flow = flow;
        Problems = problems;
        Catalog = FlowCatalog.Build(context, flow, problems);
        Shapes = new RecordShapes();
        Expressions = new ExpressionBinder(Shapes, problems);
        Values = new ValueBinder(Expressions, Shapes, problems);
        Types = new TypeBinder(Catalog, problems);
        Plan = plan ?? new PlanWriter();
        Expressions.Watch = analysis =>
        {
            foreach (var (shape, field) in analysis.FieldReads)
            {
                // Whether a record was there before cannot be told a second time.
                if (field is not ("created" or "changed" or "existed") || !OutcomeShapes.Contains(shape)) continue;
                NeedsCheckpoint = true;
                if (field == "created") AskedWhetherNew.Add(shape);
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

    /// <summary>Those of them whose <c>created</c> some expression reads.</summary>
    public HashSet<ObjectShape> AskedWhetherNew { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>What is decided when the whole flow was walked.</summary>
    public List<Action> AtEnd { get; } = [];

    /// <summary>Each step id of the flow with the place it is first given at.</summary>
    public Dictionary<string, SourceSpan> StepIds { get; } = new(StringComparer.Ordinal);

    /// <summary>Paths of the input that lines of <c>set</c> read directly.</summary>
    public HashSet<string> WrittenInput { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<PlanParameter> Parameters { get; set; } = [];

    public IReadOnlyList<PlanTable> Tables { get; set; } = [];

    /// <summary>Flows whose steps were taken into this plan.</summary>
    public List<FlowSession> Taken { get; } = [];

    /// <summary>The session of a flow that this one calls; its mistakes are its own file's.</summary>
    public FlowSession Called(FlowDefinition flow) => new(Context, flow, new DiagnosticBag(), Plan);

    /// <summary>What a called flow reads and writes counts as this flow's own.</summary>
    public void Take(FlowSession called)
    {
        Taken.Add(called);
        Taken.AddRange(called.Taken);
        Reads.AddRange(called.Reads);
        Writes.AddRange(called.Writes);
        AtEnd.AddRange(called.AtEnd);
    }

    /// <summary>Some effect cannot be repeated without a checkpoint.</summary>
    public bool NeedsCheckpoint { get; set; }
}
