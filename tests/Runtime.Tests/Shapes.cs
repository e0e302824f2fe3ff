using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>Entities and flows that several tests use.</summary>
internal static class Shapes
{
    public static readonly EntityDescriptor Customer = FakeEntity.Describe("customer", "name+", "email", "phone", "status");
    public static readonly EntityDescriptor Account = FakeEntity.Describe("Account", "CustomerId!", "Name", "Phone", "Note");
    public static readonly EntityDescriptor Contact = FakeEntity.Describe("Contact", "PersonKey!", "Email~", "LastName", "AccountId");

    /// <summary>A person without a unique key: creates must be claimed and looked up.</summary>
    public static readonly EntityDescriptor Lead = FakeEntity.Describe("Lead", "Ref", "Email~", "Name");

    public static readonly EntityDescriptor Ticket = FakeEntity.Describe("Ticket", "EventKey", "Subject");

    public static PlanBuilder Flow(string id, Func<PlanTrigger, PlanTrigger>? trigger = null) =>
        new PlanBuilder(id).Connection("source").Connection("target").OnChanged("source", Customer, trigger);

    /// <summary>Customer to Account and Contact.</summary>
    public static CompiledFlow Customers(PlanOwned onOwned = PlanOwned.Create, Func<PlanTrigger, PlanTrigger>? trigger = null) => Flow("customers", trigger)
        .Upsert("account", "target", Account, ["CustomerId"], [("CustomerId", "input.id"), ("Name", "input.name"), ("Phone", "input.phone")])
        .If("input.email !== null", then => then.Upsert(
            "contact", "target", Contact, ["PersonKey", "Email"],
            [("PersonKey", "`${input.id}/primary`"), ("Email", "input.email"), ("LastName", "input.name"), ("AccountId", "account.id")], u => u with { OnOwned = onOwned }))
        .Build();

    /// <summary>Customer to Lead, whose reference is no unique key of the vendor.</summary>
    public static CompiledFlow Leads(PlanOwned onOwned = PlanOwned.Create, Func<PlanTrigger, PlanTrigger>? trigger = null) => Flow("leads", trigger)
        .Upsert("lead", "target", Lead, ["Ref", "Email"], [("Ref", "input.id"), ("Email", "input.email"), ("Name", "input.name")], u => u with { OnOwned = onOwned })
        .Build();

    public static RuntimeHarness Harness() => Harness(new RuntimeHarness());

    public static RuntimeHarness Harness(RuntimeHarness harness)
    {
        harness.Source.Add(Customer);
        harness.Target.Add(Account);
        harness.Target.Add(Contact);
        harness.Target.Add(Lead);
        harness.Target.Add(Ticket);
        return harness;
    }

    public static string Person(this RuntimeHarness harness, string name, string? email = null, string? phone = null, string? id = null) =>
        harness.Source.Put("customer", id, ("name", name), ("email", email), ("phone", phone), ("status", "new"));

    public static int Count(this RuntimeHarness harness, RunOutcome outcome) => harness.Stores.AllRuns.Count(r => r.Outcome == outcome);

    public static int Writes(this RuntimeHarness harness, string entity) => harness.Target.Calls.Where(c => c.What != "read" && c.Entity == entity).Sum(c => c.Rows);
}
