using System.Text;
using CsCheck;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

public sealed class SoqlLiteralTests
{
    private static readonly Gen<string> Hostile = Gen.OneOf(
        Gen.String,
        Gen.String[Gen.Char["'\\\"\n\r\t\b\f\0\u0001\u001f\u007f\u0085\u2028\u2029%_ \uD83D\uDE00\uD800\uDC00é漢"], 0, 60],
        Gen.Int[0, Known.Length - 1].Select(i => Known[i]));

    private static string[] Known =>
        ["' OR Name != '", "\\' OR Id != '", "\\", "'", "''", "\\\\'", "') OR (Id != '", "\u0000", "x' LIMIT 1 --", "\uD800", "\uDC00'", new string('\'', 20_000), new string('\\', 20_001), new string('é', 20_000)];

    [Fact]
    public void A_hostile_text_never_leaves_its_quotes_and_means_itself()
    {
        Hostile.Sample(
            value =>
            {
                var literal = SoqlLiteral.Text(value);
                return literal.Length >= 2 && literal[0] == '\'' && Read(literal, 0, out var end) == value && end == literal.Length;
            },
            iter: 5_000);
    }

    [Fact]
    public void A_hostile_text_never_changes_the_query_around_it()
    {
        var where = new SoqlWhere(new OrgSchema(new SalesforceConnector().Descriptor.Entities), "Contact");
        Gen.Select(Hostile, Hostile, Hostile).Sample(
            (a, b, c) =>
            {
                var condition = new AllOf(
                [
                    new AnyOf([new FieldCondition("Unknown__c", Comparison.In, [a, b]), new FieldCondition("Other__c", Comparison.NotIn, [c])]),
                    new FieldCondition("Pattern__c", Comparison.Like, [a]),
                ]);
                if (where.Prepare(condition, out var ready) is not null) return a.Length > SoqlLiteral.MostTextLength;
                var skeleton = Skeleton(where.Text(ready));
                return skeleton.All(ch => char.IsAsciiLetterOrDigit(ch) || " _(),=!?".Contains(ch)) && !skeleton.Contains("Id", StringComparison.Ordinal);
            },
            iter: 2_000);
    }

    [Fact]
    public void An_address_carries_every_literal_unchanged()
    {
        Hostile.Where(t => t.Length < 1000).Sample(value => Uri.UnescapeDataString(Uri.EscapeDataString(SoqlLiteral.Text(value))) == SoqlLiteral.Text(value), iter: 2_000);
    }

    [Theory]
    [InlineData(FieldKind.Boolean, true, "TRUE")]
    [InlineData(FieldKind.Integer, 42L, "42")]
    [InlineData(FieldKind.Number, 0.5, "0.5")]
    [InlineData(FieldKind.Number, "1.50", "1.50")]
    [InlineData(FieldKind.Text, 42L, "'42'")]
    [InlineData(FieldKind.Text, true, "'true'")]
    [InlineData(FieldKind.Id, "0015e000000DanaAAA", "'0015e000000DanaAAA'")]
    [InlineData(FieldKind.Number, "1 OR 1=1", null)]
    [InlineData(FieldKind.Boolean, "TRUE OR Id != null", null)]
    [InlineData(FieldKind.Date, "2026-03-14", "2026-03-14")]
    [InlineData(FieldKind.Date, "TODAY", null)]
    [InlineData(FieldKind.Instant, "2026-03-14", null)]
    [InlineData(FieldKind.Instant, "2026-03-14T15:09:26.000+0000", "2026-03-14T15:09:26Z")]
    [InlineData(FieldKind.Number, double.NaN, null)]
    public void A_value_is_written_by_the_type_of_its_field(FieldKind kind, object value, string? literal) =>
        Assert.Equal(literal, SoqlLiteral.Of(FieldType.Of(kind), value));

    [Fact]
    public void Days_moments_and_exact_numbers_have_no_quotes()
    {
        Assert.Equal("2026-03-14", SoqlLiteral.Of(null, new DateOnly(2026, 3, 14)));
        Assert.Equal("2026-03-14T14:09:26Z", SoqlLiteral.Of(null, new DateTimeOffset(2026, 3, 14, 15, 9, 26, TimeSpan.FromHours(1))));
        Assert.Equal("10.50", SoqlLiteral.Of(FieldType.Of(FieldKind.Decimal), 10.50m));
        Assert.Equal("08:30:00.000Z", SoqlLiteral.Of(FieldType.Of(FieldKind.Duration), TimeSpan.FromHours(8.5)));
    }

    [Theory]
    [InlineData("Name", true)]
    [InlineData("Account.Owner.Name", true)]
    [InlineData("ns__Thing__c", true)]
    [InlineData("Name FROM User", false)]
    [InlineData("Name--", false)]
    [InlineData("", false)]
    [InlineData(".Name", false)]
    [InlineData("A.B.C.D.E.F.G", false)]
    [InlineData("Näme", false)]
    [InlineData("COUNT()", false)]
    public void Only_plain_names_stand_in_a_query(string path, bool plain) => Assert.Equal(plain, SoqlName.IsPath(path));

    // Salesforce's own rules of quoted strings, read independently.
    private static string? Read(string text, int start, out int end)
    {
        var value = new StringBuilder();
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\'')
            {
                end = i + 1;
                return value.ToString();
            }

            if (text[i] != '\\')
            {
                value.Append(text[i]);
                continue;
            }

            i++;
            switch (i < text.Length ? text[i] : '\0')
            {
                case 'n': value.Append('\n'); break;
                case 'r': value.Append('\r'); break;
                case 't': value.Append('\t'); break;
                case 'b': value.Append('\b'); break;
                case 'f': value.Append('\f'); break;
                case '\'': value.Append('\''); break;
                case '"': value.Append('"'); break;
                case '\\': value.Append('\\'); break;
                case 'u': value.Append((char)Convert.ToInt32(text.Substring(i + 1, 4), 16)); i += 4; break;
                default: end = -1; return null;
            }
        }

        end = -1;
        return null;
    }

    private static string Skeleton(string where)
    {
        var text = new StringBuilder();
        for (var i = 0; i < where.Length; i++)
        {
            if (where[i] == '\'')
            {
                Assert.NotNull(Read(where, i, out var end));
                text.Append('?');
                i = end - 1;
            }
            else
            {
                text.Append(where[i]);
            }
        }

        return text.ToString();
    }
}
