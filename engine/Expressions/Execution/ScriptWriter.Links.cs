using System.Globalization;
using Acornima.Ast;
using WorkflowEngine.Expressions.Library;

namespace WorkflowEngine.Expressions.Execution;

internal sealed partial class ScriptWriter
{
    private static readonly HashSet<string> Methods = [.. ExpressionLibrary.ListMethods.Keys, .. ExpressionLibrary.TextMethods.Keys];

    /// <summary>
    /// A member or a call. Behind a <c>?.</c> every further link is written with <c>?.</c> too: a method becomes a function, which would
    /// otherwise break the chain that ends early as a whole.
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
            body.Append(HostName(name));
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
            body.Append(',');
            if (IndexOf("tables") is var tables and >= 0)
            {
                used.Add(tables);
                body.Append("tables");
            }
            else
            {
                Refuse(call, "There are no tables here.");
            }
        }

        Arguments(call);
        body.Append(')');
    }

    private void Arguments(CallExpression call)
    {
        foreach (var argument in call.Arguments)
        {
            body.Append(',');
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

        Link(member.Object);
        Mark(member);
        if (member.Property is NumericLiteral { Value: var position })
        {
            body.Append(early ? "?.[" : "[").Append(position.ToString("R", CultureInfo.InvariantCulture)).Append(']');
        }
        else if (member.Property is StringLiteral { Value: var text })
        {
            body.Append(early ? "?.[" : "[").Append(Quoted(text)).Append(']');
        }
        else
        {
            body.Append(early ? "?." : ".").Append(((Identifier)member.Property).Name);
        }
    }

    private void Element(MemberExpression member, bool early)
    {
        var temporary = Begin(member.Object, early);
        Call("$at", member);
        Receiver(member.Object, temporary);
        body.Append(',');
        Write(member.Property);
        body.Append(early ? "))" : ")");
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
        Call("$m_" + name, callee.Property);
        Receiver(callee.Object, temporary);
        Arguments(call);
        body.Append(early ? "))" : ")");
    }

    /// <summary><c>(($t=object)==null?null:</c> … when the chain may have ended; gives the number of the variable, else -1.</summary>
    private int Begin(Expression target, bool early)
    {
        if (!early)
        {
            return -1;
        }

        var temporary = temporaries++;
        body.Append("(($t").Append(temporary).Append('=');
        Link(target);
        body.Append(")==null?null:");
        return temporary;
    }

    private void Receiver(Expression target, int temporary)
    {
        body.Append(',');
        if (temporary < 0)
        {
            Link(target);
        }
        else
        {
            body.Append("$t").Append(temporary);
        }
    }

    private static bool MayEndEarly(Expression e) => e switch
    {
        MemberExpression m => m.Optional || MayEndEarly(m.Object),
        CallExpression { Callee: MemberExpression m } => m.Optional || MayEndEarly(m.Object),
        _ => false,
    };

    internal static string HostName(string library) => "$" + library.Replace('.', '_');
}
