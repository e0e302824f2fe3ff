namespace WorkflowEngine.Abstractions;

/// <summary>Prepares an org for a template: tells what is missing, creates fields on request, and grants them. Beside the engine's own operations, and only when a person asks.</summary>
public interface IOrgSetup
{
    /// <summary>What of the required objects and fields the running user does not have.</summary>
    /// <param name="required">Objects with the fields that are needed, typed as needed.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    Task<Outcome<IReadOnlyList<SetupGap>>> MissingAsync(IReadOnlyList<EntityDescriptor> required, CancellationToken cancellationToken);

    /// <summary>Creates missing custom fields; one outcome per gap. A field that exists already is a success: it only could not be seen.</summary>
    Task<IReadOnlyList<Outcome<SetupGap>>> CreateAsync(IReadOnlyList<SetupGap> gaps, CancellationToken cancellationToken);

    /// <summary>Makes fields readable and writable for the user of the connection, through a permission set of this name.</summary>
    /// <returns>Null, or why not.</returns>
    Task<OperationError?> GrantAsync(string permissionSet, IReadOnlyList<SetupGap> fields, CancellationToken cancellationToken);
}
