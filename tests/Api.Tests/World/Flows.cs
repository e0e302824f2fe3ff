namespace WorkflowEngine.Api.Tests;

/// <summary>Flows the tests use.</summary>
internal static class Flows
{
    /// <summary>An order that arrives by a call becomes an account. A name over 255 characters is refused by the org.</summary>
    public const string Orders = """
        flow: orders
        title: Orders become accounts
        version: 1.0.0
        connections: { salesforce: salesforce }
        input:
          id: { type: text }
          name: { type: text }
          total: { type: decimal, optional: true }
        trigger: { webhook: orders, with: =trigger }
        key: =input.id
        steps:
          - id: words
            map: { title: '=`${input.name} (${input.id})`' }
          - id: account
            create: salesforce/Account
            once: { AccountNumber: =input.id }
            set: { Name: =input.name, Phone: '555' }
        """;

    public const string OrdersDeployment = "deployment: orders\ntemplate: orders\nconnections: { salesforce: org }\nhookToken: { env: HOOK_TOKEN }\n";
}
