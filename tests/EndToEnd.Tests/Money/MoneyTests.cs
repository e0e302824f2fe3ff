using System.Globalization;
using System.Text.Json;
using CsCheck;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Expressions.Execution;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;
using WorkflowEngine.Salesforce;
using WorkflowEngine.ServiceTitan;

namespace WorkflowEngine.EndToEnd.Tests.Money;

/// <summary>
/// The figures of <c>invoice-to-revenue</c> as they stand in its file, over random invoices and payments of jobs: summed over all of them they are what the documents say, to the cent.
/// </summary>
public sealed class MoneyTests : IDisposable
{
    /// <summary>Invoices and payments; <c>MONEY_DOCUMENTS=1000000</c> takes half a minute.</summary>
    private static readonly int Documents = int.Parse(Environment.GetEnvironmentVariable("MONEY_DOCUMENTS") ?? "20000", CultureInfo.InvariantCulture);

    private const int MostOfEach = 4;

    private static readonly Gen<decimal> Cents = Gen.OneOf(
        Gen.Long[-999_999_999, 999_999_999], Gen.Long[-100_00, 100_00], Gen.OneOf<long>(Gen.Const(0L), Gen.Const(1L), Gen.Const(-1L), Gen.Const(33L), Gen.Const(100_10L))).Select(c => c / 100m);

    private static readonly Gen<Invoice> Invoices = Gen.Select(Cents, Cents, Gen.Frequency((9, Gen.Const(true)), (1, Gen.Const(false))), (net, tax, active) => new Invoice(net, tax, active));

    private static readonly Gen<Payment> Payments = Gen.Select(
        Gen.Select(Gen.Int[0, MostOfEach], Gen.Frequency((9, Cents.Select(c => (decimal?)c)), (1, Gen.Const((decimal?)null)))).Array[0, 3], Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true))), (uses, refund) => new Payment(uses, refund));

    private static readonly Gen<Job> Jobs = Gen.Select(Invoices.Array[1, MostOfEach], Payments.Array[0, MostOfEach], Gen.Bool, (invoices, payments, tax) => new Job(invoices, payments, tax));

    private readonly ExpressionEngine _engine = new();
    private readonly JavaScriptEvaluator _evaluator;
    private readonly CompiledFlow _flow;
    private readonly MapInstruction _figures;
    private readonly UpsertInstruction _revenue;

    public MoneyTests()
    {
        _evaluator = new JavaScriptEvaluator(_engine);
        var folder = Path.Combine(WorkspaceFolder.Repository(), "flows", "invoice-to-revenue");
        var bundle = FlowBundle.Compile(
            [.. Directory.EnumerateFiles(folder, "*.yaml").Select(f => new SourceText(f, File.ReadAllText(f)))], [new ServiceTitanConnector().Descriptor, new SalesforceConnector().Descriptor]);
        _flow = bundle.Flows.Single(f => f.Definition.Flow.Value == "invoice-job-revenue").Compiled!;
        _figures = _flow.Instructions.OfType<MapInstruction>().Single(m => m.Step.Name == "figures");
        _revenue = _flow.Instructions.OfType<UpsertInstruction>().Single(u => u.Step.Name == "revenue");
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Over_random_invoices_and_payments_no_cent_is_lost_on_the_way_to_the_records()
    {
        var expected = new Sums();
        var actual = new Sums();
        var documents = 0L;
        Jobs.Sample(
            job =>
            {
                Interlocked.Add(ref documents, job.Invoices.Length + job.Payments.Length);
                expected.Add(job.Expected());
                actual.Add(OnTheWire(job));
                return job.Expected() == OnTheWire(job);
            },
            iter: Documents / 4, print: job => JsonSerializer.Serialize(job));
        Assert.Equal(expected.Total, actual.Total);
        Assert.InRange(documents, Documents * 0.9, Documents * 1.5);
        TestContext.Current.SendDiagnosticMessage($"{documents} invoices and payments: revenue {actual.Total.Revenue}, paid {actual.Total.Paid}, refunded {actual.Total.Refunded}, differences 0");
    }

    /// <summary>What Salesforce is sent for the job's invoices, read back from the text it is sent as; the job's own sums must be those of its records.</summary>
    private Figures OnTheWire(Job job)
    {
        var slots = new object?[_flow.SlotCount];
        slots[Slots.Params] = new Dictionary<string, object?> { ["withTax"] = job.WithTax, ["lines"] = false, ["target"] = "record" };
        Put(slots, "family", new Dictionary<string, object?> { ["invoices"] = job.Invoices.Select((i, at) => i.Record(at)).ToList<object?>() });
        Put(slots, "receipts", job.Payments.Select((p, at) => p.Record(at)).ToList<object?>());
        var figures = Values(_figures.Values, slots);
        var rows = (IReadOnlyList<object?>)figures[At("rows")]!;
        var sent = default(Figures);
        foreach (var row in rows)
        {
            Put(slots, "row", row);
            Put(slots, "opportunity", null);
            var values = Values(_revenue.Values!, slots);
            decimal Field(string name) => Sent(_revenue.Set.Single(l => l.Path == name), values);
            sent += new Figures(Field("ServiceTitan_Revenue__c"), Field("ServiceTitan_Paid__c"), Field("ServiceTitan_Refunded__c"));
        }

        Assert.Equal((sent.Revenue, sent.Paid - sent.Refunded), (Money(figures[At("revenue")]), Money(figures[At("paid")])));
        return sent;

        int At(string line) => _figures.Values.LineNames!.ToList().IndexOf(line);
    }

    private void Put(object?[] slots, string name, object? value)
    {
        for (var i = Slots.First; i < slots.Length; i++)
        {
            if (_flow.SlotNames[i] == name) slots[i] = value;
        }
    }

    private object?[] Values(PlanMapping mapping, object?[] slots)
    {
        var result = _evaluator.EvaluateAsync(mapping, slots, default).AsTask().GetAwaiter().GetResult();
        Assert.Null(result.Fault);
        return result.Values;
    }

    private static decimal Sent(PlanFieldLine line, object?[] values)
    {
        Assert.True(FieldValues.TryConvert(line.Field.Type, values[line.Value], out var converted, out var problem), problem);
        return JsonDocument.Parse(JsonSerializer.Serialize(Money(converted))).RootElement.GetDecimal();
    }

    private static decimal Money(object? value) => value switch { decimal d => d, long l => l, double d => (decimal)d, _ => throw new InvalidOperationException($"{value} is no amount.") };

    private static string Id(int at) => (1000 + at).ToString(CultureInfo.InvariantCulture);

    private readonly record struct Figures(decimal Revenue, decimal Paid, decimal Refunded)
    {
        public static Figures operator +(Figures a, Figures b) => new(a.Revenue + b.Revenue, a.Paid + b.Paid, a.Refunded + b.Refunded);
    }

    private sealed class Sums
    {
        private readonly Lock _gate = new();

        public Figures Total { get; private set; }

        public void Add(Figures figures)
        {
            lock (_gate) Total += figures;
        }
    }

    private sealed record Invoice(decimal Net, decimal Tax, bool Active)
    {
        public Dictionary<string, object?> Record(int at) => new()
        {
            ["id"] = Id(at), ["active"] = Active, ["subTotal"] = Net, ["salesTax"] = Tax, ["total"] = Net + Tax, ["balance"] = 0m, ["referenceNumber"] = null, ["customer"] = null,
            ["invoiceDate"] = null, ["adjustmentToId"] = null, ["invoiceConfiguration"] = null, ["job"] = null, ["items"] = null,
        };
    }

    /// <summary>Parts of a payment; the last invoice number is one of another job.</summary>
    private sealed record Payment((int Invoice, decimal? Amount)[] Uses, bool Refund)
    {
        public Dictionary<string, object?> Record(int at) => new()
        {
            ["id"] = Id(5000 + at), ["refundedPaymentId"] = Refund ? Id(9000) : null,
            ["appliedTo"] = Uses.Select(u => (object?)new Dictionary<string, object?> { ["appliedTo"] = Id(u.Invoice), ["appliedAmount"] = u.Amount }).ToList(),
        };
    }

    private sealed record Job(Invoice[] Invoices, Payment[] Payments, bool WithTax)
    {
        public Figures Expected()
        {
            var revenue = Invoices.Where(i => i.Active).Sum(i => WithTax ? i.Net + i.Tax : i.Net);
            decimal Used(bool refund) => Payments.Where(p => p.Refund == refund).SelectMany(p => p.Uses).Where(u => u.Invoice < Invoices.Length).Sum(u => Math.Abs(u.Amount ?? 0));
            return new Figures(revenue, Used(refund: false), Used(refund: true));
        }
    }
}
