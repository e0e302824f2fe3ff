using System.Runtime.CompilerServices;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>
/// Field types as values are searched and compared: a value longer than the field takes, or outside its choices, is found nowhere but is no mistake. Each is made once, since every run asks for them.
/// </summary>
internal static class LooseTypes
{
    private static readonly ConditionalWeakTable<FieldType, FieldType> Searched = [];
    private static readonly ConditionalWeakTable<FieldType, FieldType> Compared = [];

    /// <summary>The type without its length and its choices.</summary>
    public static FieldType OfSearch(FieldType type) => Searched.GetValue(type, static t => t with { Length = null, OpenChoices = true });

    /// <summary>Without its scale too: rounding is the comparison's own.</summary>
    public static FieldType OfComparison(FieldType type) => Compared.GetValue(type, static t => t with { Length = null, Scale = null, OpenChoices = true });
}
