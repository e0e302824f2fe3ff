using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;

namespace WorkflowEngine.Compilation.Steps;

/// <summary>Which compiler takes which step. One line for each activity that is one instruction.</summary>
internal static class StepCompilers
{
    public static StepResult Compile(StepDefinition step, StepContext context, ExpressionAnalysis? condition) => step switch
    {
        LookupStep lookup => LookupCompiler.Compile(lookup, context),
        QueryStep query => QueryCompiler.Compile(query, context),
        MapStep map => MapCompiler.Compile(map, context),
        UpsertStep upsert => UpsertCompiler.Compile(upsert, context),
        CreateStep create => CreateCompiler.Compile(create, context),
        UpdateStep update => UpdateCompiler.Compile(update, context),
        DeleteStep delete => DeleteCompiler.Compile(delete, context),
        CallStep call => CallCompiler.Compile(call, context),
        WarnStep warn => WarnCompiler.Compile(warn, context, condition),
        EndStep end => EndCompiler.Compile(end, context),
        AggregateStep aggregate => AggregateCompiler.Compile(aggregate, context),
        SyncStep sync => SyncCompiler.Compile(sync, context),
        MergeStep merge => MergeCompiler.Compile(merge, context),
        StartStep start => StartCompiler.Compile(start, context),
        WaitStep wait => WaitCompiler.Compile(wait, context),
        HttpStep http => HttpCompiler.Compile(http, context),
        _ => StepResult.Unknown,
    };
}
