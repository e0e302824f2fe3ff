namespace WorkflowEngine.Abstractions;

/// <summary>How the vendor can be asked for a record by a field's value.</summary>
public enum SearchForm
{
    /// <summary>Not at all; a match rule or <c>once</c> on it is a check error.</summary>
    None,

    /// <summary>By the exact value.</summary>
    Exact,

    /// <summary>By the value, whatever the case.</summary>
    IgnoreCase,

    /// <summary>By the usual spellings of a phone number.</summary>
    PhoneSpellings,

    /// <summary>Through a field that holds the normalised value.</summary>
    NormalizedField,
}
