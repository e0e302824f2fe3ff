using System.Buffers;
using System.Text;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Connectors.Tests.Http;

public sealed class RecordReaderTests
{
    [Theory]
    [InlineData(FieldKind.Id, "123456789012345678901", "123456789012345678901")]
    [InlineData(FieldKind.Id, "\"0055e000000RepAAAA\"", "0055e000000RepAAAA")]
    [InlineData(FieldKind.Integer, "9007199254740992", 9007199254740992L)]
    [InlineData(FieldKind.Integer, "9007199254740993", "9007199254740993")]
    [InlineData(FieldKind.Integer, "3.0", 3L)]
    [InlineData(FieldKind.Integer, "\"42\"", 42L)]
    [InlineData(FieldKind.Number, "0.1", 0.1)]
    [InlineData(FieldKind.Number, "0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827")]
    [InlineData(FieldKind.Any, "9007199254740993", "9007199254740993")]
    [InlineData(FieldKind.Any, "12", 12L)]
    [InlineData(FieldKind.Text, "08540", "08540")]
    [InlineData(FieldKind.Choice, "4", "4")]
    [InlineData(FieldKind.Boolean, "true", true)]
    [InlineData(FieldKind.Decimal, "\"\"", null)]
    [InlineData(FieldKind.Date, "null", null)]
    public void A_value_is_read_by_its_type(FieldKind kind, string json, object? expected)
    {
        // A text of digits with a leading zero is no JSON number: quote it.
        if (json == "08540") json = "\"08540\"";
        Assert.Equal(expected, Value(FieldType.Of(kind), json));
    }

    [Theory]
    [InlineData("\"189.00\"", "189.00")]
    [InlineData("189.00", "189.00")]
    [InlineData("-0.10", "-0.10")]
    [InlineData("\"12345678901234567890.12\"", "12345678901234567890.12")]
    public void Money_keeps_its_digits(string json, string digits) =>
        Assert.Equal(digits, Assert.IsType<decimal>(Value(FieldType.Of(FieldKind.Decimal), json)).ToString(System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("2019-11-14T10:24:07.4726935Z")]
    [InlineData("2019-11-14T10:24:07.4726935")]
    [InlineData("2019-11-14T03:24:07.4726935-07:00")]
    [InlineData("2019-11-14T10:24:07.4726935+0000")]
    public void An_instant_is_utc_with_seven_digits(string text)
    {
        var expected = new DateTimeOffset(2019, 11, 14, 10, 24, 7, TimeSpan.Zero).AddTicks(4726935);
        var read = Assert.IsType<DateTimeOffset>(Value(FieldType.Of(FieldKind.Instant), $"\"{text}\""));
        Assert.Equal((expected, TimeSpan.Zero), (read, read.Offset));
    }

    [Theory]
    [InlineData("2026-09-14")]
    [InlineData("2026-09-14T00:00:00Z")]
    [InlineData("2026-09-14T00:00:00")]
    public void A_midnight_that_means_a_day_is_a_day(string text) => Assert.Equal(new DateOnly(2026, 9, 14), Value(FieldType.Of(FieldKind.Date), $"\"{text}\""));

    [Theory]
    [InlineData(FieldKind.Decimal, "\"a lot\"")]
    [InlineData(FieldKind.Decimal, "1e40")]
    [InlineData(FieldKind.Boolean, "\"perhaps\"")]
    [InlineData(FieldKind.Instant, "\"2026-13-45\"")]
    [InlineData(FieldKind.Date, "\"2026-09-14 and a bit\"")]
    [InlineData(FieldKind.Text, "{}")]
    [InlineData(FieldKind.List, "\"x\"")]
    public void A_value_of_another_form_is_a_format_error_that_shows_no_value(FieldKind kind, string json)
    {
        var error = Assert.Throws<RecordFormatException>(() => Value(FieldType.Of(kind), json));
        Assert.DoesNotContain("a lot", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_fields_are_skipped_and_order_does_not_matter()
    {
        var reader = new RecordReader([Field("a", FieldKind.Text), Field("b", FieldKind.Text), Field("c", FieldKind.Text)]);
        var record = reader.Read("""{"c":"3","x":{"a":["deep"]},"a":"1","y":[1,2],"b":null}"""u8);
        Assert.Equal(new Dictionary<string, object?> { ["c"] = "3", ["a"] = "1", ["b"] = null }, record);
    }

    [Fact]
    public void A_list_of_named_values_is_one_object()
    {
        var custom = new FieldDescriptor { Name = "custom", Type = new FieldType { Kind = FieldKind.Object, OpenFields = true } };
        var reader = new RecordReader([custom], new Dictionary<string, WireField> { ["custom"] = new("customFields", "name", "value") });
        var record = reader.Read("""{"customFields":[{"typeId":1,"name":"Gate code","value":"12"},{"typeId":2,"name":"Purchase order","value":null}]}"""u8);
        Assert.Equal(new Dictionary<string, object?> { ["Gate code"] = "12", ["Purchase order"] = null }, Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(record["custom"]));
    }

    [Fact]
    public void What_is_written_is_what_was_read()
    {
        var fields = new[]
        {
            new FieldDescriptor { Name = "id", Type = new FieldType { Kind = FieldKind.Id, NumberOnWire = true } },
            new FieldDescriptor { Name = "total", Type = new FieldType { Kind = FieldKind.Decimal, TextOnWire = true } },
            Field("cost", FieldKind.Decimal), Field("day", FieldKind.Date), Field("at", FieldKind.Instant), Field("big", FieldKind.Integer), Field("ok", FieldKind.Boolean),
        };
        const string Json = """{"id":12,"total":"189.00","cost":22.10,"day":"2026-09-14","at":"2026-09-14T20:01:09.6333333Z","big":9007199254740993,"ok":true}""";
        var record = new RecordReader(fields).Read(Encoding.UTF8.GetBytes(Json));
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) new RecordWriter(new WireRules()).WriteObject(writer, record, fields, "record");
        Assert.Equal(Json, Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static FieldDescriptor Field(string name, FieldKind kind) => new() { Name = name, Type = FieldType.Of(kind) };

    private static object? Value(FieldType type, string json) => new RecordReader([new FieldDescriptor { Name = "v", Type = type }]).Read(Encoding.UTF8.GetBytes($$"""{"v":{{json}}}"""))["v"];
}
