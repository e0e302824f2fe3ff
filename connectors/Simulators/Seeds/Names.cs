namespace WorkflowEngine.Simulators.Seeds;

/// <summary>Invented people, companies and places, difficult names among them.</summary>
internal static class Names
{
    public static readonly string[] First =
    [
        "Dana", "Sean", "Maria", "Luis", "Aisha", "Karl", "Mei", "Tom", "Priya", "Olga", "Ben", "Zoe", "Hugo", "Nora", "Ivan", "Ruth", "Omar", "Lena", "Jack", "Emma",
        "Noah", "Ella", "Raj", "Tara", "Felix", "Grace", "Victor", "Paula", "Simon", "Clara",
    ];

    public static readonly string[] Last =
    [
        "Whitfield", "Okafor", "Ruiz", "Nguyen", "Schmidt", "Kowalski", "Haddad", "Lindqvist", "Moreau", "Tanaka", "Petrov", "Adeyemi", "Castillo", "Fischer", "Novak",
        "Bianchi", "Larsen", "Murphy", "Silva", "Cohen", "Yilmaz", "Dubois", "Keller", "Santos", "Walsh", "Baker", "Turner", "Reyes", "Hughes", "Osman",
    ];

    /// <summary>Names that break naive splitting.</summary>
    public static readonly string[] Difficult =
    [
        "Dr. Mary-Jane van der Berg Jr.", "O'Brien, Sean & Kate", "García Márquez, José", "The Whitfield Family", "MÜLLER, KARL-HEINZ", "李 小龙", "Cher",
        "J. R. R. Hollander III", "Ms. Ana María de la Cruz", "Smith (tenant), Bob", "Anne-Sophie d'Arc", "Ødegård, Åse",
    ];

    public static readonly string[] Trades = ["Plumbing", "Dental", "Bakery", "Property Management", "Auto Repair", "Brewing", "Logistics", "Veterinary Clinic"];

    public static readonly string[] Forms = ["LLC", "Inc", "& Sons", "Co.", "Group", "GmbH"];

    public static readonly string[] Streets = ["Alder Ridge Rd", "Maple St", "N 5th Ave", "Harrison Blvd", "Cedar Ln", "Old Mill Way", "E Lakeview Dr", "Juniper Ct"];

    /// <summary>City, state, zip, area code.</summary>
    public static readonly (string City, string State, string Zip, string Area)[] Places =
    [
        ("Boise", "ID", "83702", "208"), ("Phoenix", "AZ", "85004", "602"), ("Denver", "CO", "80202", "303"), ("Austin", "TX", "78701", "512"),
        ("Portland", "OR", "97205", "503"), ("Seattle", "WA", "98101", "206"), ("Salt Lake City", "UT", "84101", "801"), ("Las Vegas", "NV", "89101", "702"),
    ];
}
