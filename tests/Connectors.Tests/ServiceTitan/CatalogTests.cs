using WorkflowEngine.Abstractions;
using WorkflowEngine.ServiceTitan;

namespace WorkflowEngine.Connectors.Tests.ServiceTitan;

public sealed class CatalogTests
{
    private static readonly ConnectorDescriptor Catalog = ServiceTitanCatalog.Descriptor;

    [Fact]
    public void Every_reference_names_an_entity_of_the_catalogue()
    {
        var unknown = Catalog.Entities.SelectMany(e => Types(e.Fields).Select(t => (Entity: e.Name, Target: t.Entity)))
            .Where(r => r.Target is not null && Catalog.Entity(r.Target) is null);
        Assert.Empty(unknown);
    }

    [Fact]
    public void Every_event_covers_entities_of_the_catalogue_and_has_a_feed()
    {
        Assert.All(Catalog.Entities.SelectMany(e => e.Events), e =>
        {
            Assert.NotEmpty(e.Feeds);
            Assert.All(e.Covers, c => Assert.NotNull(Catalog.Entity(c)));
        });
    }

    [Fact]
    public void Id_version_and_active_fields_exist()
    {
        Assert.All(Catalog.Entities, e =>
        {
            Assert.NotNull(e.Field(e.IdField));
            if (e.VersionField is not null) Assert.NotNull(e.Field(e.VersionField));
            if (e.ActiveField is not null) Assert.NotNull(e.Field(e.ActiveField));
        });
    }

    [Theory]
    [InlineData("customer", "address.zip")]
    [InlineData("customer", "contacts.value")]
    [InlineData("payment", "appliedTo.appliedTo")]
    [InlineData("invoice", "job.id")]
    [InlineData("location", "mergedToId")]
    public void A_path_the_templates_filter_by_is_filterable(string entity, string path) =>
        Assert.True(RecordPath.Field(Catalog.Entity(entity)!.Fields, path)?.Filterable);

    [Theory]
    [InlineData("invoice", "invoiceDate", FieldKind.Date)]
    [InlineData("membership", "to", FieldKind.Date)]
    [InlineData("invoice", "paidOn", FieldKind.Instant)]
    [InlineData("invoice", "subTotal", FieldKind.Decimal)]
    [InlineData("job", "total", FieldKind.Decimal)]
    [InlineData("payment", "typeId", FieldKind.Id)]
    public void Types_mean_what_the_values_mean(string entity, string field, FieldKind kind) =>
        Assert.Equal(kind, Catalog.Entity(entity)!.Field(field)!.Type.Kind);

    [Fact]
    public void A_completed_job_is_a_condition_on_its_status()
    {
        var completed = Catalog.Entity("job")!.Events.Single(e => e.Name == "completed");
        var condition = Assert.IsType<FieldCondition>(Assert.Single(Assert.IsType<AllOf>(completed.When).Parts));
        Assert.Equal("jobStatus", condition.Path);
        Assert.Equal(["Completed"], condition.Values);
    }

    private static IEnumerable<FieldType> Types(IEnumerable<FieldDescriptor> fields) => fields.SelectMany(f => Types(f.Type));

    private static IEnumerable<FieldType> Types(FieldType type) => [type, .. type.Item is null ? [] : Types(type.Item), .. Types(type.Fields)];
}
