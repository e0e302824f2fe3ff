namespace WorkflowEngine.Storage;

/// <summary>What an encrypted value is for; bound into it, so that a value copied to another row, table or workspace does not open.</summary>
internal static class Purposes
{
    public const string MasterKeyProof = "schema_info\nmaster_key_proof";

    public static string WorkspaceKey(string workspace) => $"workspace_key\n{workspace}";

    public static string EventPayload(string workspace, long id) => $"{workspace}\nevent\npayload\n{id}";

    public static string Checkpoint(string workspace, long id) => $"{workspace}\ncheckpoint\nstate\n{id}";

    public static string PlannedPayload(string workspace, Guid deployment, string key, string name) => $"{workspace}\nplanned_event\npayload\n{deployment:N}\n{name}\n{key}";

    public static string PlannedState(string workspace, Guid deployment, string key, string name) => $"{workspace}\nplanned_event\nrun_state\n{deployment:N}\n{name}\n{key}";

    public static string ReviewContent(string workspace, string id) => $"{workspace}\nreview\ncontent\n{id}";

    public static string KeyMemory(string workspace, Guid deployment, string key) => $"{workspace}\nkey_state\nmemory\n{deployment:N}\n{key}";

    public static string DeadLetterPayload(string workspace, long id) => $"{workspace}\ndead_letter\npayload\n{id}";

    public static string DeadLetterState(string workspace, long id) => $"{workspace}\ndead_letter\nrun_state\n{id}";

    public static string ConnectionSecrets(string workspace, string name) => $"{workspace}\nconnection\nsecrets\n{name}";
}
