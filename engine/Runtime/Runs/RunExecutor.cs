using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>A loop over the instructions of a run. It may wait for an answer of the batcher, but everything needed to go on is in the run's state.</summary>
internal sealed class RunExecutor
{
    private const int MostInstructions = 1_000_000;

    /// <summary>Waits without an answer, of one step, after which an incident says so.</summary>
    private const int VisibleAfter = 5;

    /// <summary>The incident of a connection that does not answer.</summary>
    public static string Waiting(string connection) => "waiting:" + connection;

    private readonly StepServices _services;
    private readonly ReadExecutor _read;
    private readonly UpsertExecutor _upsert;
    private readonly CreateExecutor _create;
    private readonly ChangeExecutor _change;
    private readonly CallExecutor _call;
    private readonly AggregateExecutor _aggregate;
    private readonly SyncExecutor _sync;
    private readonly StartExecutor _start;
    private readonly WaitExecutor _wait;
    private readonly SecondLook _look;
    private readonly MergeExecutor _merge;
    private readonly ControlExecutor _control;
    private readonly PauseBoard _pauses;
    private readonly IncidentBook _incidents;

    public RunExecutor(StepServices services, PauseBoard pauses, IncidentBook incidents)
    {
        _services = services;
        _pauses = pauses;
        _incidents = incidents;
        _read = new ReadExecutor(services);
        var sender = new EffectSender(services, _read);
        _upsert = new UpsertExecutor(services, new MatchFinder(services), sender);
        _create = new CreateExecutor(services, sender);
        _change = new ChangeExecutor(services, sender, _read);
        _call = new CallExecutor(services);
        _aggregate = new AggregateExecutor(services);
        _sync = new SyncExecutor(services, _upsert, sender);
        _start = new StartExecutor(services);
        _wait = new WaitExecutor(services);
        _look = new SecondLook(services, incidents);
        _merge = new MergeExecutor(services, sender);
        _control = new ControlExecutor(services, incidents);
    }

    public Task<RunEnd> ExecuteAsync(Run run) => RuntimeTrace.IsOn ? TracedAsync(run) : LoopAsync(run);

    private async Task<RunEnd> TracedAsync(Run run)
    {
        using var trace = RuntimeTrace.Run(run);
        var end = await LoopAsync(run).ConfigureAwait(false);
        trace?.SetTag("flow.end", end.Kind.ToString());
        if (end.Kind == RunEndKind.Failed) RuntimeTrace.Failed(trace, end.Error);
        return end;
    }

    private async Task<RunEnd> LoopAsync(Run run)
    {
        var state = run.State;
        var instructions = run.Deployment.Flow.Instructions;
        for (var count = 0; count < MostInstructions; count++)
        {
            if (state.Counter >= instructions.Count) return RunEnd.Ended(RunOutcome.Succeeded);
            var instruction = instructions[state.Counter];
            if (state.AgainCase >= 0 && instruction.Step.OnError[state.AgainCase].Again is { } again) instruction = again;
            run.GoesOnAlike &= instruction is MapInstruction or JumpInstruction or JumpUnlessInstruction or ConstantInstruction or UpsertInstruction { Direct: true };
            var result = RuntimeTrace.IsOn ? await TracedAsync(run, instruction).ConfigureAwait(false) : await StepAsync(run, instruction).ConfigureAwait(false);
            switch (result.End)
            {
                case StepEnd.Done:
                    continue;
                case StepEnd.Stopped:
                    return RunEnd.Ended(RunOutcome.Stopped, result.Text);
                case StepEnd.Park:
                    return new RunEnd
                    {
                        Kind = RunEndKind.Parked, Due = result.Due, Text = result.Text, Step = instruction.Step, ReleaseKey = result.ReleaseKey, Anew = result.Anew, Review = result.Review,
                    };
            }

            if (Failed(run, instruction, result) is { } end) return end;
        }

        return new RunEnd
        {
            Kind = RunEndKind.Failed, Step = instructions[Math.Min(state.Counter, instructions.Count - 1)].Step,
            Error = new OperationError(ErrorKind.Bug, "endless", $"The run took {MostInstructions} instructions and did not end."),
        };
    }

    /// <summary>Looks again at what was created, when the vendor surely shows it.</summary>
    public async Task<RunEnd> LookAsync(Run run)
    {
        var (ended, step, error, charged) = await _look.ExecuteAsync(run).ConfigureAwait(false);
        if (error is null) return ended!;
        var failed = new RunEnd { Kind = RunEndKind.Failed, Error = error, Step = step, Charged = charged };
        return Decide(run, step, error, charged, null) ?? failed;
    }

    /// <summary>What follows when the trigger's own lines or the reading of the record failed.</summary>
    public RunEnd GateFailed(Run run, RunEnd end) => Decide(run, end.Step!, end.Error!, end.Charged, run.Trigger?.Connection) ?? end;

    private async ValueTask<StepResult> TracedAsync(Run run, Instruction instruction)
    {
        using var trace = RuntimeTrace.Step(instruction.Step);
        var result = await StepAsync(run, instruction).ConfigureAwait(false);
        RuntimeTrace.Failed(trace, result.Error);
        return result;
    }

    private ValueTask<StepResult> StepAsync(Run run, Instruction instruction) => instruction switch
    {
        ReadInstruction read => _read.ExecuteAsync(run, read),
        UpsertInstruction upsert => _upsert.ExecuteAsync(run, upsert),
        CreateInstruction create => _create.ExecuteAsync(run, create),
        ChangeInstruction change => _change.ExecuteAsync(run, change),
        CallInstruction call => _call.ExecuteAsync(run, call),
        AggregateInstruction aggregate => _aggregate.ExecuteAsync(run, aggregate),
        SyncInstruction sync => _sync.ExecuteAsync(run, sync),
        WaitInstruction wait => _wait.ExecuteAsync(run, wait),
        MergeInstruction merge => _merge.ExecuteAsync(run, merge),
        StartInstruction start => _start.ExecuteAsync(run, start),
        _ => _control.ExecuteAsync(run, instruction),
    };

    /// <summary>Null: the run goes on (an error case, the next item).</summary>
    private RunEnd? Failed(Run run, Instruction instruction, StepResult result)
    {
        if (Decide(run, instruction.Step, result.Error!, result.Charged, LogicalConnection(instruction)) is { } end) return end;
        if (instruction is not ReadInstruction) run.State.Acted = true;
        Notes.Failed(run, instruction.Step, result.Error!);
        return _control.Handle(run, instruction, result.Error!);
    }

    /// <summary>Null: the step has failed for good.</summary>
    private RunEnd? Decide(Run run, PlanStep step, OperationError error, bool charged, string? logicalConnection)
    {
        var state = run.State;
        if (charged) state.StepAttempts++;
        else state.StepWaits++;
        var disposition = Disposition.Of(error, step, state.StepAttempts, state.StepWaits, state.RunId);
        if (error.Kind != ErrorKind.UnknownOutcome) state.Attempts.Add(AttemptLine.Of(_services.Now, step.Name, error));
        switch (disposition.Kind)
        {
            case DispositionKind.Retry:
                if (!charged && state.StepWaits == VisibleAfter && logicalConnection is { } waits)
                {
                    // Nobody is blamed and it is tried for ever; a person should see it all the same.
                    var far = run.Connection(waits);
                    _incidents.Raise(far.Workspace, null, Waiting(far.Name), $"Connection {far.Name} has not answered {VisibleAfter} times in a row ({error.Code}): {error.Message}");
                }

                return new RunEnd
                {
                    Kind = RunEndKind.Parked, Due = _services.Now + disposition.Pause, Step = step,
                    Text = $"attempt {state.StepAttempts + 1} of {step.Attempts} of step {step.Name}: {error.Code}",
                };
            case DispositionKind.PauseDeployment:
            {
                var fingerprint = PauseBoard.OfDeployment(Fingerprint.Of(run.Deployment.Flow.Id, step.Name, error));
                var until = _pauses.PauseDeployment(run.Deployment.Ref, fingerprint, $"{run.Deployment.Name}: {error.Message}");
                _incidents.Raise(run.Deployment.Ref.Workspace, run.Deployment.Ref.Id, fingerprint, $"Paused at {step.Place}: {error.Message}");
                return new RunEnd { Kind = RunEndKind.Parked, Due = until, Step = step, Text = "the deployment is paused: " + error.Code, Held = true };
            }

            case DispositionKind.PauseConnection:
            {
                var connection = run.Connection(logicalConnection!);
                var fingerprint = PauseBoard.OfConnection(connection.Name, Fingerprint.Of("connection", connection.Name, error));
                var until = _pauses.PauseConnection(connection, fingerprint, $"{connection.Name}: {error.Message}", error.RetryAfter);
                _incidents.Raise(connection.Workspace, null, fingerprint, $"Connection {connection.Name}: {error.Message}");
                return new RunEnd { Kind = RunEndKind.Parked, Due = until, Step = step, Text = "the connection is paused: " + error.Code, Held = true };
            }
        }

        return null;
    }

    private static string? LogicalConnection(Instruction instruction) => instruction switch
    {
        ReadInstruction read => read.Connection,
        WriteInstruction write => write.Connection,
        CallInstruction call => call.Connection,
        AggregateInstruction aggregate => aggregate.Connection,
        SyncInstruction sync => sync.Upsert.Connection,
        _ => null,
    };
}
