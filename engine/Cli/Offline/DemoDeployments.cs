using WorkflowEngine.Simulators.Seeds;

namespace WorkflowEngine.Cli;

/// <summary>The six templates as the demonstration's company deploys them.</summary>
internal static class DemoDeployments
{
    public const string Customers = "customers";

    private const string Both = "connections: { servicetitan: servicetitan, salesforce: salesforce }";

    /// <summary>Template and deployment file by the deployment's name.</summary>
    public static IReadOnlyList<(string Name, string Template, string Yaml)> Of(DemoWork work, string fallback) =>
    [
        (Customers, "customer-to-salesforce", $$"""
            sharedFields: [Account.ServiceTitan_Customer_Id__c]
            tables:
              segments: { rows: [{ key: "771", segment: Gold }] }
            """),
        ("sales", "won-opportunity-to-job", $$"""
            parameters: { timeZone: {{DemoWork.TimeZone}}, businessUnit: "9020", campaign: "650", cancelReason: "12", fallback: {{fallback}} }
            tables:
              work: { rows: [{ key: New Customer, jobType: "1184", businessUnit: "9021", priority: High }, { key: "*", jobType: "1181", priority: Normal }] }
              windows: { rows: [{ key: Morning, from: "08:00", to: "12:00" }, { key: Afternoon, from: "12:00", to: "17:00" }] }
              technicians: { rows: [{ key: {{work.Seller}}, technician: "3040" }] }
            """),
        ("jobs", "completed-job-to-opportunity", $$"""
            sharedFields: [Opportunity.Amount, Opportunity.ServiceTitan_Job_Id__c, Opportunity.ServiceTitan_Origin__c, Task.Description, Task.OwnerId, Task.ServiceTitan_Event_Key__c, Task.Subject, Task.WhatId]
            parameters: { timeZone: {{DemoWork.TimeZone}} }
            """),
        ("revenue", "invoice-to-revenue", $$"""
            parameters: { timeZone: {{DemoWork.TimeZone}}, schedule: "*/30 * * * *" }
            """),
        ("memberships", "membership-to-campaign", $$"""
            parameters: { timeZone: {{DemoWork.TimeZone}}, reminderCampaign: {{work.Reminders}} }
            tables:
              tiers: { rows: [{ key: "410", tier: Silver, rank: 1, campaign: {{work.Tiers[0]}} }, { key: "411", tier: Gold, rank: 2, campaign: {{work.Tiers[1]}} }] }
            """),
        ("ratings", "low-rating-to-case", $$"""
            parameters: { queue: {{work.Queue}} }
            """),
    ];

    public static string File(string name, string template, string yaml) => $"deployment: {name}\ntemplate: {template}\nstate: active\n{Both}\n{yaml}\n";
}
