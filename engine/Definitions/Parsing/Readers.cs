namespace WorkflowEngine.Definitions;

/// <summary>The readers of one file, tied together.</summary>
internal sealed class Readers
{
    public Readers(YamlDocument document)
    {
        Diagnostics.AddRange(document.Diagnostics);
        Shapes = new ShapeReader(document.Source, Diagnostics);
        References = new ReferenceReader(Shapes);
        Values = new ValueReader(Shapes, References);
        Queries = new QueryReader(Shapes, Values);
        var types = new TypeReader(Shapes, Values);
        Declarations = new DeclarationReader(Shapes, Values, Queries, types, References);
        Triggers = new TriggerReader(Shapes, Values, Queries, References);
        Steps = new StepReader(Shapes, Values, Queries, References);
    }

    public DiagnosticBag Diagnostics { get; } = new(DiagnosticBag.MostOfOneFile);

    public ShapeReader Shapes { get; }

    public ReferenceReader References { get; }

    public ValueReader Values { get; }

    public QueryReader Queries { get; }

    public DeclarationReader Declarations { get; }

    public TriggerReader Triggers { get; }

    public StepReader Steps { get; }

    /// <summary>The file's mapping; null with a diagnostic when it holds something else or is another kind of file.</summary>
    public static ParseResult<T> Read<T>(YamlDocument document, DocumentKind kind, Func<Readers, YamlMapping, T?> read)
        where T : class
    {
        var readers = new Readers(document);
        T? value = null;
        if (document.Root is YamlMapping mapping)
        {
            if (document.Kind != kind && document.Kind != DocumentKind.Unknown)
            {
                readers.Diagnostics.Add(ShapeDiagnostics.WrongDocument(
                    ShapeReader.First(mapping), YamlDocument.Describe(kind), YamlDocument.Describe(document.Kind)));
            }
            else
            {
                value = read(readers, mapping);
            }
        }
        else if (document.Root is { } root)
        {
            readers.Shapes.Wrong(root, YamlDocument.Describe(kind), "flow: customer-to-salesforce");
        }

        var found = readers.Diagnostics.ToSorted();
        return new ParseResult<T>(value, kind is DocumentKind.Connection or DocumentKind.Deployment ? SecretLines.Hide(document.Source, found) : found);
    }
}
