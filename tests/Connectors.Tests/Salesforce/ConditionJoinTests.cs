using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

public sealed class ConditionJoinTests
{
    private static readonly SoqlWhere Contacts = new(new OrgSchema(new SalesforceConnector().Descriptor.Entities), "Contact");

    [Fact]
    public void One_field_of_many_askers_becomes_one_list() =>
        Assert.Equal("Email IN ('a@x','b@x')", Joined(Is("Email", "a@x"), Is("Email", "b@x"), Is("Email", "a@x")));

    [Fact]
    public void One_asker_alone_is_asked_plainly() => Assert.Equal("Email = 'a@x'", Joined(Is("Email", "a@x")));

    [Fact]
    public void A_part_equal_for_all_is_said_once() =>
        Assert.Equal("IsDeleted = FALSE AND Email IN ('a@x','b@x')", Joined(All(Is("IsDeleted", false), Is("Email", "a@x")), All(Is("IsDeleted", false), Is("Email", "b@x"))));

    [Fact]
    public void Pairs_of_values_are_grouped_by_the_value_more_askers_share() =>
        Assert.Equal(
            "(LastName = 'Ruiz' AND FirstName IN ('Ann','Bob')) OR (LastName = 'Lee' AND FirstName = 'Ann')",
            Joined(All(Is("LastName", "Ruiz"), Is("FirstName", "Ann")), All(Is("LastName", "Ruiz"), Is("FirstName", "Bob")), All(Is("LastName", "Lee"), Is("FirstName", "Ann"))));

    [Fact]
    public void Alternatives_of_many_askers_are_joined_field_by_field() =>
        Assert.Equal(
            "ServiceTitan_Job_Id__c IN ('1','2') OR ServiceTitan_Review_Id__c IN ('a','b')",
            Joined(
                new AnyOf([Is("ServiceTitan_Job_Id__c", "1"), Is("ServiceTitan_Review_Id__c", "a")]),
                new AnyOf([Is("ServiceTitan_Job_Id__c", "2"), Is("ServiceTitan_Review_Id__c", "b")])));

    [Fact]
    public void Alternative_fields_of_a_path_are_or_and_for_excluded_values_and()
    {
        Assert.Equal("Title = 'x' OR Department = 'x'", Joined(Is("Title|Department", "x")));
        Assert.Equal("Title != 'x' AND Department != 'x'", Joined(new FieldCondition("Title|Department", Comparison.NotIn, ["x"])));
    }

    [Fact]
    public void Mixed_operators_keep_their_parentheses() =>
        Assert.Equal(
            "(LastName = 'A' OR Email = NULL) AND CreatedDate >= 2026-01-01T00:00:00Z AND Email != NULL",
            Joined(All(
                new AnyOf([Is("LastName", "A"), new FieldCondition("Email", Comparison.IsNull, [])]),
                new FieldCondition("CreatedDate", Comparison.GreaterOrEqual, [new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)]),
                new FieldCondition("Email", Comparison.IsNotNull, []))));

    [Fact]
    public void Both_values_of_a_checkbox_are_compared_one_by_one() =>
        Assert.Equal("LastName = 'A' AND (DoNotCall = TRUE OR DoNotCall = FALSE)", Joined(All(Is("LastName", "A"), new FieldCondition("DoNotCall", Comparison.In, [true, false]))));

    [Fact]
    public void An_empty_list_finds_nothing_and_excludes_nothing()
    {
        Contacts.Prepare(All(Is("LastName", "A"), new FieldCondition("Email", Comparison.In, [])), out var nothing);
        Assert.True(ConditionForms.IsNever(nothing));
        Contacts.Prepare(new FieldCondition("Email", Comparison.NotIn, []), out var everything);
        Assert.True(ConditionForms.IsAlways(everything));
    }

    [Fact]
    public void Values_that_no_record_can_hold_are_not_asked()
    {
        // One malformed id would fail the query of 200 askers.
        Contacts.Prepare(new FieldCondition("AccountId", Comparison.In, ["new:Account:1", "0015e000000DanaAAA"]), out var ids);
        Assert.Equal("AccountId = '0015e000000DanaAAA'", Contacts.Text(ids));
        Contacts.Prepare(new FieldCondition("LastName", Comparison.In, [new string('x', 20_000)]), out var tooLong);
        Assert.True(ConditionForms.IsNever(tooLong));
    }

    [Fact]
    public void A_phone_is_asked_for_in_its_usual_spellings()
    {
        var text = Joined(Is("Phone", "+12085550142"));
        foreach (var spelling in (string[])["+12085550142", "2085550142", "(208) 555-0142", "208-555-0142", "208.555.0142", "+1 (208) 555-0142", "+1 208-555-0142", "1-208-555-0142"])
        {
            Assert.Contains($"'{spelling}'", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("+12085550142", "(208) 555-0142", true)]
    [InlineData("+12085550142", "1.208.555.0142", true)]
    [InlineData("+12085550142", "001 208 555 0142", true)]
    [InlineData("+12085550142", "208 555 0143", false)]
    [InlineData("+12085550142", "555-0142", false)]
    [InlineData("+12085550142", "92085550142", false)]
    [InlineData("+4930123456", "030 123456", true)]
    [InlineData("+4930123456", "+49 (0)30 123456", true)]
    [InlineData("ask for Sean", "ASK FOR SEAN", true)]
    public void Phones_are_compared_by_their_digits(string asked, string held, bool same) => Assert.Equal(same, PhoneSpellings.Same(asked, held));

    [Theory]
    [InlineData("006R0000003FPYx", "006R0000003FPYxIAO")]
    [InlineData("001R00000064wc7", "001R00000064wc7IAA")]
    [InlineData("a00D0000008pQR5", "a00D0000008pQR5IAM")]
    [InlineData("7506g00000DhRA2", "7506g00000DhRA2AAN")]
    [InlineData("0056g000005HQPy", "0056g000005HQPyAAO")]
    [InlineData("00D", "00D")]
    public void An_id_of_15_characters_gets_its_suffix(string id, string whole) => Assert.Equal(whole, SalesforceIds.Long(id));

    private static FieldCondition Is(string path, object value) => new(path, Comparison.In, [value]);

    private static AllOf All(params Condition[] parts) => new(parts);

    private static string Joined(params Condition[] conditions)
    {
        var ready = conditions.Select(c =>
        {
            Assert.Null(Contacts.Prepare(c, out var prepared));
            return prepared;
        });
        return Contacts.Text(new ConditionJoin(Contacts).Join([.. ready]));
    }
}
