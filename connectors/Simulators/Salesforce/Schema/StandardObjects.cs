namespace WorkflowEngine.Simulators.Salesforce.Schema;

/// <summary>Reads the standard objects from their lists.</summary>
internal static class StandardObjects
{
    public static IEnumerable<ObjectDefinition> Build()
    {
        ObjectDefinition? current = null;
        foreach (var (header, field) in Lines("StandardObjects.txt"))
        {
            if (header is not null)
            {
                if (current is not null)
                {
                    yield return WithSystemFields(current);
                }

                current = New(header[1], header[2], custom: false, setup: header.Contains("setup"));
                continue;
            }

            current!.Add(Field(field!));
        }

        yield return WithSystemFields(current!);
    }

    /// <summary>The fields person accounts add, by object.</summary>
    public static IEnumerable<(string Object, FieldDefinition Field)> PersonFields()
    {
        var current = "";
        foreach (var (header, field) in Lines("PersonAccounts.txt"))
        {
            if (header is not null)
            {
                current = header[1];
                continue;
            }

            yield return (current, Field(field!));
        }
    }

    private static IEnumerable<(string[]? Header, string[]? Field)> Lines(string file)
    {
        using var stream = typeof(StandardObjects).Assembly.GetManifestResourceStream("Salesforce/" + file)!;
        using var reader = new StreamReader(stream);
        var begun = false;
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            begun |= words is ["=", ..];
            if (begun && words.Length > 0)
            {
                yield return words[0] == "=" ? (words, null) : (null, words);
            }
        }
    }

    public static ObjectDefinition NewCustom(string name, string keyPrefix)
    {
        var definition = New(name, keyPrefix, custom: true);
        definition.Add(new FieldDefinition { Name = "Name", Label = "Name", Type = "string", Length = 80, Nillable = false, NameField = true });
        definition.Add(Field("OwnerId reference User,Group Owner - owner".Split(' ')));
        definition.Add(Field("RecordTypeId reference RecordType RecordType -".Split(' ')));
        return WithSystemFields(definition);
    }

    private static ObjectDefinition New(string name, string keyPrefix, bool custom, bool setup = false)
    {
        var definition = new ObjectDefinition(name, keyPrefix, custom) { Setup = setup };
        definition.Add(new FieldDefinition
        {
            Name = "Id", Label = $"{definition.Label} ID", Type = "id", Length = 18, Nillable = false, Createable = false, Updateable = false,
            DefaultedOnCreate = true, IdLookup = true,
        });
        return definition;
    }

    private static ObjectDefinition WithSystemFields(ObjectDefinition definition)
    {
        if (definition.Name != "User" && !definition.Setup)
        {
            definition.Add(System("IsDeleted", "boolean"));
        }

        definition.Add(System("CreatedDate", "datetime"));
        definition.Add(System("CreatedById", "reference") with { ReferenceTo = ["User"], RelationshipName = "CreatedBy" });
        definition.Add(System("LastModifiedDate", "datetime"));
        definition.Add(System("LastModifiedById", "reference") with { ReferenceTo = ["User"], RelationshipName = "LastModifiedBy" });
        definition.Add(System("SystemModstamp", "datetime"));
        return definition;

        static FieldDefinition System(string name, string type) => new()
        {
            Name = name, Label = name, Type = type, Length = type == "reference" ? 18 : 0, Nillable = false, Createable = false, Updateable = false,
            DefaultedOnCreate = true,
        };
    }

    private static FieldDefinition Field(string[] words)
    {
        var (name, type) = (words[0], words[1]);
        var rest = words[2..].ToList();
        var field = new FieldDefinition { Name = name, Type = type, Label = Label(name) };
        if (type is "reference")
        {
            field = field with
            {
                Length = 18, ReferenceTo = rest[0].Split(','), RelationshipName = rest[1], ChildRelationship = rest is [_, _, not "-", ..] ? rest[2] : null,
            };
            rest.RemoveRange(0, Math.Min(3, rest.Count));
        }
        else if (rest.Count > 0 && char.IsAsciiDigit(rest[0][0]))
        {
            var numbers = rest[0].Split(',').Select(int.Parse).ToArray();
            field = numbers.Length == 2 ? field with { Precision = numbers[0], Scale = numbers[1] }
                : type is "int" ? field with { Precision = numbers[0] } : field with { Length = numbers[0] };
            rest.RemoveAt(0);
        }

        while (rest.Count > 0 && Flag(ref field, rest[0]))
        {
            rest.RemoveAt(0);
        }

        return rest.Count == 0 ? field : field with { Picklist = string.Join(' ', rest).Split('|') };
    }

    private static bool Flag(ref FieldDefinition field, string word)
    {
        field = word switch
        {
            "required" => field with { Nillable = false },
            "name" => field with { NameField = true },
            "idLookup" => field with { IdLookup = true },
            "readonly" => field with { Createable = false, Updateable = false, DefaultedOnCreate = true },
            "createonly" => field with { Updateable = false },
            "writeonly" => field with { WriteOnly = true },
            "autonumber" => field with { AutoNumber = true },
            "cascade" => field with { CascadeDelete = true },
            "defaulted" => field with { DefaultedOnCreate = true },
            "owner" => field with { Nillable = false, DefaultedOnCreate = true },
            "default=true" => field with { Default = true, DefaultedOnCreate = true, Nillable = false },
            "default=false" => field with { Default = false, DefaultedOnCreate = true, Nillable = false },
            _ when word.StartsWith("default=", StringComparison.Ordinal) =>
                field with { Default = word[8..].Replace('_', ' '), DefaultedOnCreate = true },
            _ => field,
        };
        return word is "required" or "name" or "idLookup" or "readonly" or "createonly" or "writeonly" or "autonumber" or "cascade" or "defaulted" or "owner"
            || word.StartsWith("default=", StringComparison.Ordinal);
    }

    /// <summary><c>BillingPostalCode</c> is labelled <c>Billing Postal Code</c>; ids drop their suffix.</summary>
    private static string Label(string name)
    {
        var isId = name.EndsWith("Id", StringComparison.Ordinal);
        var stem = isId ? name[..^2] : name;
        return string.Concat(stem.Select((c, i) => i > 0 && char.IsUpper(c) && char.IsLower(stem[i - 1]) ? $" {c}" : $"{c}")) + (isId ? " ID" : "");
    }
}
