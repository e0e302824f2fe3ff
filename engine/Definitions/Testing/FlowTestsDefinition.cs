namespace WorkflowEngine.Definitions;

/// <summary>A file of tests (<c>flow.tests.yaml</c>): a flow's behaviour as data.</summary>
public sealed record FlowTestsDefinition
{
    public required SourceText Source { get; init; }

    public required SourceSpan Span { get; init; }

    /// <summary>The flow the counts of runs are about; all flows of its template run.</summary>
    public required Located<string> Flow { get; init; }

    /// <summary>What every test is given; a test's own <c>given</c> wins, entity by entity.</summary>
    public TestGiven Defaults { get; init; } = TestGiven.Nothing;

    public required IReadOnlyList<FlowTestDefinition> Tests { get; init; }
}

/// <summary>One test.</summary>
public sealed record FlowTestDefinition(SourceSpan Span, Located<string> Name, TestGiven Given, TestExpect Expect);

/// <summary>The world before, and what happens in it.</summary>
public sealed record TestGiven
{
    public static TestGiven Nothing { get; } = new();

    /// <summary>The virtual time at which the events begin.</summary>
    public Located<string>? Now { get; init; }

    /// <summary>A deployment file beside the tests whose parameters, tables, names and overlay hold.</summary>
    public Located<string>? Deployment { get; init; }

    public IReadOnlyList<FieldLine> Parameters { get; init; } = [];

    public IReadOnlyList<TableDefinition> Tables { get; init; } = [];

    /// <summary>Records by logical connection.</summary>
    public IReadOnlyList<TestRecords> Systems { get; init; } = [];

    public IReadOnlyList<TestEvent> Events { get; init; } = [];

    public IReadOnlyList<TestFault> Faults { get; init; } = [];
}

/// <summary>Records of one system: written here, or in a file beside the tests.</summary>
/// <param name="Span">The whole.</param>
/// <param name="Connection">The logical connection.</param>
/// <param name="File">A file that holds the same; null when the records stand here.</param>
/// <param name="Setup">The org's rules (duplicate rules, validation rules, …), as the simulator takes them; null = none.</param>
/// <param name="Entities">Records by entity.</param>
public sealed record TestRecords(SourceSpan Span, Located<string> Connection, Located<string>? File, ObjectValue? Setup, IReadOnlyList<TestEntity> Entities);

/// <summary>Records of one entity.</summary>
/// <param name="Only">In an expectation: no other records may stand there.</param>
public sealed record TestEntity(SourceSpan Span, Located<string> Entity, bool Only, IReadOnlyList<ObjectValue> Records);

public enum TestEventKind
{
    /// <summary>Time passes.</summary>
    Wait,

    /// <summary>A person makes or changes a record.</summary>
    Put,

    /// <summary>A person deletes a record.</summary>
    Delete,

    /// <summary>An inbound call.</summary>
    Webhook,

    /// <summary>A run by hand.</summary>
    Run,
}

/// <summary>Something that happens.</summary>
/// <param name="Span">The whole.</param>
/// <param name="Kind">What it is.</param>
/// <param name="After">Time that passes before it.</param>
/// <param name="Subject">The entity, or the flow of a run by hand.</param>
/// <param name="Value">The record or the payload; null for <see cref="TestEventKind.Wait"/>.</param>
public sealed record TestEvent(SourceSpan Span, TestEventKind Kind, TimeSpan After, Located<string>? Subject, ObjectValue? Value);

/// <summary>Trouble of the outside, at the first calls of a step.</summary>
/// <param name="Span">The whole.</param>
/// <param name="Step">The step.</param>
/// <param name="Fail">A word of <see cref="Words"/>, or a vendor's error code.</param>
/// <param name="Times">How many calls of the step it strikes.</param>
public sealed record TestFault(SourceSpan Span, Located<string> Step, Located<string> Fail, int Times)
{
    public static readonly IReadOnlyList<string> Words = ["rateLimited", "unavailable", "timeoutBefore", "lostAnswer", "crash", "malformed", "slow"];
}

/// <summary>What must hold at the end.</summary>
public sealed record TestExpect
{
    public SourceSpan? Span { get; init; }

    /// <summary>Runs by outcome, of the tested flow or of the flow named.</summary>
    public IReadOnlyList<TestRuns> Runs { get; init; } = [];

    public IReadOnlyList<TestRecords> Systems { get; init; } = [];

    /// <summary><c>connection/Entity</c> and how many records the engine made.</summary>
    public IReadOnlyList<TestCount> Created { get; init; } = [];

    /// <summary><c>connection/Entity</c> and how many writes changed a record.</summary>
    public IReadOnlyList<TestCount> Updated { get; init; } = [];

    /// <summary>Dead letters by step and code; none are allowed where nothing is said.</summary>
    public IReadOnlyList<TestLetter> DeadLetters { get; init; } = [];

    /// <summary>Texts that open incidents must hold, one each.</summary>
    public IReadOnlyList<Located<string>> Incidents { get; init; } = [];

    /// <summary>Where an empty list says that none may be open; null = nothing is said of others.</summary>
    public SourceSpan? NoIncidents { get; init; }

    /// <summary>A text that the words with which a run ended must hold.</summary>
    public Located<string>? Outcome { get; init; }

    /// <summary>Everything once more changes nothing.</summary>
    public Located<bool>? Repeat { get; init; }
}

/// <summary>Runs of one outcome.</summary>
public sealed record TestRuns(SourceSpan Span, Located<string>? Flow, Located<string> Outcome, Located<long> Count);

public sealed record TestCount(SourceSpan Span, Located<string> What, Located<long> Count);

public sealed record TestLetter(SourceSpan Span, Located<string>? Step, Located<string>? Code);
