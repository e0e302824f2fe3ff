using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using WorkflowEngine.Simulators.Http;
using WorkflowEngine.Simulators.Salesforce.Rows;

namespace WorkflowEngine.Simulators.Salesforce.Endpoints;

/// <summary><c>/services/Soap/u/{version}</c>: login, merge, undelete, getUserInfo. Elements are known by their local names, because clients differ in namespaces.</summary>
internal sealed class SoapEndpoint(OrgState state, Sessions sessions, ApiUsage usage, RecordMerger merger, RecordWriter writer, Func<SimulatorRequest, WriteContext> newContext)
{
    private const int MostRequests = 200;
    private const string Envelope = "http://schemas.xmlsoap.org/soap/envelope/";
    private static readonly XNamespace Soap = Envelope;
    private static readonly XNamespace Partner = "urn:partner.soap.sforce.com";
    private static readonly XNamespace Faults = "urn:fault.partner.soap.sforce.com";

    public Answer Handle(SimulatorRequest request)
    {
        request.Kind = "soap";
        if (Read(request) is not { } envelope || Child(envelope, "Body")?.Elements().FirstOrDefault() is not { } call)
        {
            return Fault("UNKNOWN_EXCEPTION", "The request is no SOAP envelope.");
        }

        if (call.Name.LocalName == "login")
        {
            return Login(request, call);
        }

        var header = Child(envelope, "Header");
        var session = header is null ? null : Child(header, "SessionHeader") is { } s ? Child(s, "sessionId")?.Value : null;
        if (session is null || !sessions.IsValidToken(session))
        {
            request.Kind = "unauthorized";
            return Fault("INVALID_SESSION_ID", "INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session");
        }

        if (!usage.Count())
        {
            request.Kind = "quota";
            return Fault("REQUEST_LIMIT_EXCEEDED", "REQUEST_LIMIT_EXCEEDED: TotalRequests Limit exceeded.");
        }

        request.Kind = $"soap.{(call.Name.LocalName.Length <= 20 ? call.Name.LocalName : "?")}";
        return call.Name.LocalName switch
        {
            "merge" => Merge(request, header!, call),
            "undelete" => Undelete(call),
            "getUserInfo" => Response(call, new XElement(Partner + "result", new XElement(Partner + "userId", state.IntegrationUser), new XElement(Partner + "organizationId", state.OrganizationId))),
            _ => Fault("UNKNOWN_EXCEPTION", $"Operation {call.Name.LocalName} is not simulated."),
        };
    }

    /// <summary>The sign-in of older clients.</summary>
    private Answer Login(SimulatorRequest request, XElement call)
    {
        request.Kind = "soap.login";
        if (!Sessions.CheckPassword(Child(call, "username")?.Value, Child(call, "password")?.Value))
        {
            return Fault("INVALID_LOGIN", "INVALID_LOGIN: Invalid username, password, security token; or user locked out.");
        }

        return Response(call, new XElement(
            Partner + "result", new XElement(Partner + "metadataServerUrl", $"{request.BaseAddress}/services/Soap/m/67.0/{state.OrganizationId}"), new XElement(Partner + "passwordExpired", "false"),
            new XElement(Partner + "sandbox", "false"), new XElement(Partner + "serverUrl", $"{request.BaseAddress}{request.Path}/{state.OrganizationId[..15]}"), new XElement(Partner + "sessionId", sessions.Begin()),
            new XElement(Partner + "userId", state.IntegrationUser),
            new XElement(Partner + "userInfo", new XElement(Partner + "organizationId", state.OrganizationId), new XElement(Partner + "sessionSecondsValid", "7200"), new XElement(Partner + "userId", state.IntegrationUser))));
    }

    private Answer Merge(SimulatorRequest request, XElement header, XElement call)
    {
        // The element is named 'request'; another name is no request of the partner's description.
        var asked = call.Elements().ToList();
        if (asked.Exists(e => e.Name.LocalName != "request") || asked.Count > MostRequests)
        {
            return Fault("UNKNOWN_EXCEPTION", asked.Count > MostRequests ? "EXCEEDED_ID_LIMIT: too many merge requests" : $"Element {{}}{asked[0].Name.LocalName} invalid at this location");
        }

        request.Rows = asked.Count;
        return Response(call, [.. asked.Select(a => One(request, header, a))]);
    }

    private XElement One(SimulatorRequest request, XElement header, XElement asked)
    {
        var master = Child(asked, "masterRecord");
        var (type, id) = (master is null ? null : Child(master, "type")?.Value, master is null ? null : Child(master, "Id")?.Value);
        if (type is null || id is null || state.Schema.Find(type) is not { } definition)
        {
            return Result(MergeResult.Failed("INVALID_TYPE", "masterRecord with type and Id is needed"));
        }

        if (writer.Find(id, out _, definition) is { } missing)
        {
            return Result(MergeResult.Failed(missing));
        }

        var fields = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in master!.Elements().Where(e => e.Name.LocalName is not ("type" or "Id")))
        {
            if (field.Name.LocalName == "fieldsToNull")
            {
                fields[field.Value] = null;
            }
            else
            {
                fields[field.Name.LocalName] = field.Value;
            }
        }

        var allow = Child(header, "DuplicateRuleHeader") is { } rule && Child(rule, "allowSave")?.Value == "true";
        var inner = request.Part("POST", request.Target, name => name == "Sforce-Duplicate-Rule-Header" && allow ? "allowSave=true" : null, []);
        var result = merger.Merge(newContext(inner), id, [.. asked.Elements().Where(e => e.Name.LocalName == "recordToMergeIds").Select(e => e.Value)], fields, byPeople: false);
        request.AfterSending += inner.AfterSending;
        return Result(result);
    }

    private Answer Undelete(XElement call) => Response(call, [.. call.Elements().Where(e => e.Name.LocalName == "ids").Select(e => writer.Undelete(e.Value) is { } error
        ? new XElement(Partner + "result", Error(error), new XElement(Partner + "success", "false"))
        : new XElement(Partner + "result", new XElement(Partner + "id", e.Value), new XElement(Partner + "success", "true")))]);

    private static XElement Result(MergeResult result) => result.Error is { } error
        ? new XElement(Partner + "result", Error(error), new XElement(Partner + "success", "false"))
        : new XElement(
            Partner + "result", new XElement(Partner + "id", result.Survivor!.Id), result.Merged.Select(m => new XElement(Partner + "mergedRecordIds", m)),
            new XElement(Partner + "success", "true"), result.Moved.Select(m => new XElement(Partner + "updatedRelatedIds", m)));

    private static XElement Error(RowError error) => new(
        Partner + "errors", error.Fields.Select(f => new XElement(Partner + "fields", f)), new XElement(Partner + "message", error.Message), new XElement(Partner + "statusCode", error.Code));

    private Answer Response(XElement call, params XElement[] results) => Xml(200, new XElement(
        Soap + "Envelope", new XAttribute(XNamespace.Xmlns + "soapenv", Envelope), new XAttribute("xmlns", Partner.NamespaceName),
        new XElement(Soap + "Header", new XElement(Partner + "LimitInfoHeader", new XElement(
            Partner + "limitInfo", new XElement(Partner + "current", usage.Used.ToString(CultureInfo.InvariantCulture)),
            new XElement(Partner + "limit", usage.Limit.ToString(CultureInfo.InvariantCulture)), new XElement(Partner + "type", "API REQUESTS")))),
        new XElement(Soap + "Body", new XElement(Partner + $"{call.Name.LocalName}Response", results.Cast<object>().ToArray()))));

    private static Answer Fault(string code, string message) => Xml(500, new XElement(
        Soap + "Envelope", new XAttribute(XNamespace.Xmlns + "soapenv", Envelope), new XAttribute(XNamespace.Xmlns + "sf", Faults.NamespaceName),
        new XElement(Soap + "Body", new XElement(
            Soap + "Fault", new XElement("faultcode", $"sf:{code}"), new XElement("faultstring", message),
            new XElement("detail", new XElement(Faults + "UnexpectedErrorFault", new XElement(Faults + "exceptionCode", code), new XElement(Faults + "exceptionMessage", message)))))));

    private static Answer Xml(int status, XElement envelope) =>
        Answer.Text(status, """<?xml version="1.0" encoding="UTF-8"?>""" + envelope.ToString(SaveOptions.DisableFormatting), "text/xml;charset=UTF-8");

    private static XElement? Child(XElement of, string name) => of.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    private static XElement? Read(SimulatorRequest request)
    {
        try
        {
            using var text = new StringReader(Encoding.UTF8.GetString(request.Body));
            using var reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XElement.Load(reader);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
