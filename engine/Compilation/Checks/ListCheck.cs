using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>What a loop runs over is a list; null counts as an empty one.</summary>
internal static class ListCheck
{
    public static ExprType ItemOf(BoundValue list, string activity, DiagnosticBag problems)
    {
        switch (list.Type.Kind)
        {
            case ExprKind.List:
                return list.Type.Item!.Kind == ExprKind.Nothing ? ExprType.Any : list.Type.Item;
            case ExprKind.Any or ExprKind.Null:
                return ExprType.Any;
            default:
                problems.Add(FlowDiagnostics.NotAList(list.Span, activity, list.Type.ToString()));
                return ExprType.Any;
        }
    }
}
