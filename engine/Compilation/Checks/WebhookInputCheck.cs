using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>What a webhook delivers is declared where it is read.</summary>
internal static class WebhookInputCheck
{
    public static void Check(FlowSession session)
    {
        if (session.Flow.Input is not null || !session.Expressions.ReadNames.Contains("input")) return;
        foreach (var trigger in session.Flow.Triggers.Where(t => t is WebhookTrigger { With: null }))
        {
            session.Problems.Add(TriggerDiagnostics.UntypedWebhook(trigger.Kind.Span));
        }
    }
}
