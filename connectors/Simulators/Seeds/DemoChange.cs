using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Simulators.Seeds;

/// <summary>Something people do to a customer after it arrived.</summary>
public abstract record DemoChange(long CustomerId)
{
    internal abstract void Apply(ServiceTitanSimulator serviceTitan);
}

/// <summary>The address gets another unit.</summary>
public sealed record UnitChanged(long CustomerId, Address Address) : DemoChange(CustomerId)
{
    internal override void Apply(ServiceTitanSimulator serviceTitan) => serviceTitan.EditCustomer(CustomerId, address: Address);
}

/// <summary>A contact line gets another value; the customer's own stamp stays.</summary>
public sealed record LineChanged(long CustomerId, string Type, string Value) : DemoChange(CustomerId)
{
    internal override void Apply(ServiceTitanSimulator serviceTitan) => serviceTitan.SetContact(CustomerId, Type, Value);
}

/// <summary>The customer goes into another one.</summary>
public sealed record Merged(long CustomerId, long Into) : DemoChange(CustomerId)
{
    internal override void Apply(ServiceTitanSimulator serviceTitan) => serviceTitan.MergeCustomers(CustomerId, Into);
}

/// <summary>The customer is switched off.</summary>
public sealed record Deactivated(long CustomerId) : DemoChange(CustomerId)
{
    internal override void Apply(ServiceTitanSimulator serviceTitan) => serviceTitan.EditCustomer(CustomerId, active: false);
}
