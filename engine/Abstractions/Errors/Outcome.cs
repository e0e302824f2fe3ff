namespace WorkflowEngine.Abstractions;

/// <summary>A value, or the reason why there is none.</summary>
/// <typeparam name="T">The value.</typeparam>
public readonly record struct Outcome<T>
{
    private Outcome(T? value, OperationError? error) => (Value, Error) = (value, error);

    /// <summary>The value; meaningful when <see cref="Error"/> is null.</summary>
    public T? Value { get; }

    /// <summary>The failure; null on success.</summary>
    public OperationError? Error { get; }

    /// <summary>True on success.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Value))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;

    /// <summary>A success.</summary>
    public static Outcome<T> Of(T value) => new(value, null);

    /// <summary>A failure.</summary>
    public static Outcome<T> Failed(OperationError error) => new(default, error);

    /// <summary>A success.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>A failure.</summary>
    public static implicit operator Outcome<T>(OperationError error) => new(default, error);
}
