using System.Globalization;
using Acornima.Ast;
using WorkflowEngine.Expressions.Library;

namespace WorkflowEngine.Expressions.Execution;

internal sealed partial class ScriptWriter
{
    private static readonly HashSet<string> Methods = [.. ExpressionLibrary.ListMethods.Keys, .. ExpressionLibrary.TextMethods.Keys];

    /// <summary>
    /// A member or a call. Behind a <c>?.</c> every further link asks for null again: a method becomes a function, which would otherwise
    /// break the chain that ends early as a whole.
    /// </summary>
    private void Link(Expression e)
    {
        switch (e)
        {
            case MemberExpression member when LibraryName(member, names as ICollection<string> ?? [.. names]) is { } constant:
                Constant(member, constant);
                break;
            case MemberExpression member:
                Member(member);
                break;
            case CallExpression call when LibraryName(call.Callee, names as ICollection<string> ?? [.. names]) is { } function:
                LibraryCall(call, function);
                break;
            case CallExpression { Callee: MemberExpression { Computed: false } member } call:
                Method(call, member);
                break;
            case CallExpression call:
                Refuse(call, "Only methods and functions of the library can be called.");
                break;
            default:
                Write(e);
                break;
        }
    }

    private void Constant(MemberExpression member, string name)
    {
        if (ExpressionLibrary.Functions.TryGetValue(name, out var found) && found.Kind == LibraryKind.Constant)
        {
            Body.Append(Host(HostName(name)));
        }
        else
        {
            Refuse(member, $"'{name}' is not a value.");
        }
    }

    private void LibraryCall(CallExpression call, string name)
    {
        if (!ExpressionLibrary.Functions.TryGetValue(name, out var found) || found.Kind != LibraryKind.Function)
        {
            Refuse(call.Callee, $"The library has no function '{name}'.");
            return;
        }

        Call(HostName(name), call);
        if (name is "table" or "table.find")
        {
            Body.Append(',');
            if (IndexOf("tables") is var tables and >= 0)
            {
                lowestRead = -1;
                used.Add(tables);
                Body.Append("tables");
            }
            else
            {
                Refuse(call, "There are no tables here.");
            }
        }

        Arguments(call);
        Body.Append(')');
    }

    private void Arguments(CallExpression call)
    {
        foreach (var argument in call.Arguments)
        {
            Body.Append(',');
            Write(argument);
        }
    }

    private void Member(MemberExpression member)
    {
        var early = member.Optional || MayEndEarly(member.Object);
        if (member.Computed && member.Property is not (StringLiteral or NumericLiteral))
        {
            Element(member, early);
            return;
        }

        if (!early && member is { Computed: true, Property: NumericLiteral { Value: var wanted }, Object: CallExpression { Callee: MemberExpression { Computed: false, Property: Identifier { Name: "split" }, Optional: false } callee } split }
            && LibraryName(callee, names as ICollection<string> ?? [.. names]) is null && !MayEndEarly(callee.Object) && split.Arguments.Count == 1)
        {
            // A list of which one item is read is never made.
            Call("part", callee.Property);
            Receiver(callee.Object, -1);
            Arguments(split);
            Body.Append(',').Append(wanted.ToString("R", CultureInfo.InvariantCulture)).Append(')');
            return;
        }

        // Written out: the engine's own ?. takes a slow path.
        var temporary = Begin(member.Object, early);
        if (temporary < 0)
        {
            Link(member.Object);
        }
        else
        {
            Body.Append("$t").Append(temporary);
        }

        Mark(member);
        if (member.Property is NumericLiteral { Value: var position })
        {
            Body.Append('[').Append(position.ToString("R", CultureInfo.InvariantCulture)).Append(']');
        }
        else if (member.Property is StringLiteral { Value: var text })
        {
            Body.Append('[').Append(Quoted(text)).Append(']');
        }
        else
        {
            Body.Append('.').Append(((Identifier)member.Property).Name);
        }

        if (early)
        {
            Body.Append(')');
        }
    }

    private void Element(MemberExpression member, bool early)
    {
        var temporary = Begin(member.Object, early);
        Call("at", member);
        Receiver(member.Object, temporary);
        Body.Append(',');
        Write(member.Property);
        Body.Append(early ? "))" : ")");
    }

    private void Method(CallExpression call, MemberExpression callee)
    {
        var name = ((Identifier)callee.Property).Name;
        if (!Methods.Contains(name))
        {
            Refuse(callee.Property, $"There is no method '{name}'.");
            return;
        }

        var early = callee.Optional || MayEndEarly(callee.Object);
        var temporary = Begin(callee.Object, early);
        Call("m_" + name, callee.Property);
        Receiver(callee.Object, temporary);
        Arguments(call);
        Body.Append(early ? "))" : ")");
    }

    /// <summary><c>(($t=object)==null?null:</c> … when the chain may have ended; gives the number of the variable, else -1.</summary>
    private int Begin(Expression target, bool early)
    {
        if (!early)
        {
            return -1;
        }

        var temporary = temporaries++;
        Body.Append("(($t").Append(temporary).Append('=');
        Link(target);
        Body.Append(")==null?null:");
        return temporary;
    }

    private void Receiver(Expression target, int temporary)
    {
        Body.Append(',');
        if (temporary < 0)
        {
            Link(target);
        }
        else
        {
            Body.Append("$t").Append(temporary);
        }
    }

    internal static bool MayEndEarly(Expression e) => e switch
    {
        MemberExpression m => m.Optional || MayEndEarly(m.Object),
        CallExpression { Callee: MemberExpression m } => m.Optional || MayEndEarly(m.Object),
        _ => false,
    };

    internal static string HostName(string library) => library.Replace('.', '_');
}
