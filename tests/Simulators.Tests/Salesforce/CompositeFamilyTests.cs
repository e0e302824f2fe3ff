using System.Text.Json;
using static WorkflowEngine.Simulators.Tests.Salesforce.OrgFixture;

namespace WorkflowEngine.Simulators.Tests.Salesforce;

public sealed class CompositeFamilyTests
{
    [Fact]
    public async Task Parts_of_a_batch_stand_alone_and_count_as_calls()
    {
        await using var sf = await Start();
        var id = await sf.Create("Account", """{ "Name": "A" }""");
        var body = $$"""{ "batchRequests": [{ "method": "PATCH", "url": "v67.0/sobjects/Account/{{id}}", "richInput": { "Phone": "1" } }, { "method": "GET", "url": "v67.0/sobjects/Nope" }, { "method": "GET", "url": "v67.0/sobjects/Account/{{id}}?fields=Phone" }] }""";
        var reply = (await sf.Post($"{Root}/composite/batch", body)).Expect(200);
        Assert.True(reply.Json.GetProperty("hasErrors").GetBoolean());
        Assert.Equal([204, 404, 200], reply.Json.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("statusCode").GetInt32()));
        Assert.Equal("1", reply.Json.GetProperty("results")[2].GetProperty("result").GetProperty("Phone").GetString());
        Assert.Equal("api-usage=5/100000", reply.Header("Sforce-Limit-Info"));
        var halted = (await sf.Post($"{Root}/composite/batch", body.Replace("""{ "batchRequests":""", """{ "haltOnError": true, "batchRequests":""", StringComparison.Ordinal))).Expect(200).Json;
        Assert.Equal([204, 404, 412], halted.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("statusCode").GetInt32()));
    }

    [Fact]
    public async Task A_tree_makes_parents_with_their_children_or_nothing()
    {
        await using var sf = await Start();
        static string Tree(string last) => $$"""
            { "records": [{ "attributes": { "type": "Account", "referenceId": "a" }, "Name": "A",
                "Contacts": { "records": [{ "attributes": { "type": "Contact", "referenceId": "c1" }, "LastName": "One" }, { "attributes": { "type": "Contact", "referenceId": "c2" }{{last}} }] } }] }
            """;
        var made = (await sf.Post($"{Root}/composite/tree/Account", Tree(""", "LastName": "Two" """))).Expect(201).Json;
        Assert.Equal(["a", "c1", "c2"], made.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("referenceId").GetString()));
        Assert.Equal(["A", "A"], (await sf.Query("SELECT Account.Name FROM Contact")).Json.GetProperty("records").EnumerateArray().Select(r => r.GetProperty("Account").GetProperty("Name").GetString()));
        var refused = (await sf.Post($"{Root}/composite/tree/Account", Tree(""))).Expect(400).Json;
        Assert.Equal(("c2", "REQUIRED_FIELD_MISSING"), (refused.GetProperty("results")[0].GetProperty("referenceId").GetString(), refused.GetProperty("results")[0].GetProperty("errors")[0].GetProperty("statusCode").GetString()));
        Assert.Single(await sf.Values("SELECT Id FROM Account", "Id"));
    }

    [Fact]
    public async Task Each_graph_is_all_or_nothing_by_itself()
    {
        await using var sf = await Start();
        string Graph(string id, string last) => $$"""
            { "graphId": "{{id}}", "compositeRequest": [
              { "method": "PATCH", "referenceId": "acct", "url": "{{Root}}/sobjects/Account/Key__c/{{id}}", "body": { "Name": "{{id}}" } },
              { "method": "POST", "referenceId": "cont", "url": "{{Root}}/sobjects/Contact", "body": { "LastName": {{last}}, "AccountId": "@{acct.id}" } }] }
            """;
        var reply = (await sf.Post($"{Root}/composite/graph", $$"""{ "graphs": [{{Graph("1", "\"A\"")}}, {{Graph("2", "null")}}, {{Graph("3", "\"C\"")}}] }""")).Expect(200).Json;
        Assert.Equal([true, false, true], reply.GetProperty("graphs").EnumerateArray().Select(g => g.GetProperty("isSuccessful").GetBoolean()));
        Assert.Equal("PROCESSING_HALTED", reply.GetProperty("graphs")[1].GetProperty("graphResponse").GetProperty("compositeResponse")[0].GetProperty("body")[0].GetProperty("errorCode").GetString());
        Assert.Equal(["1", "3"], await sf.Values("SELECT Key__c FROM Account ORDER BY Key__c", "Key__c"));
    }

    [Theory]
    [InlineData("FIND {dana.ruiz@example.com} IN EMAIL FIELDS RETURNING Contact(Id, LastName)", "Ruiz")]
    [InlineData("FIND {rui*} RETURNING Contact(LastName), Account(Name)", "Ruiz|Ruiz Residence")]
    [InlineData("FIND {Ruiz} IN NAME FIELDS RETURNING Contact(LastName WHERE Email = 'nobody@example.com')", "")]
    [InlineData("FIND {residence ruiz} IN ALL FIELDS RETURNING Account(Name ORDER BY Name LIMIT 1)", "Ruiz Residence")]
    [InlineData("FIND {nobody} RETURNING Contact", "")]
    public async Task A_search_finds_words(string sosl, string names)
    {
        await using var sf = await Start();
        await sf.Create("Account", """{ "Name": "Ruiz Residence" }""");
        await sf.Create("Contact", """{ "LastName": "Ruiz", "Email": "dana.ruiz@example.com" }""");
        var found = (await sf.Get($"{Root}/search?q={Uri.EscapeDataString(sosl)}")).Expect(200).Json.GetProperty("searchRecords");
        Assert.Equal(names, string.Join('|', found.EnumerateArray().Select(r => (r.TryGetProperty("LastName", out var n) ? n : r.GetProperty("Name")).GetString())));
    }

    [Fact]
    public async Task A_search_by_parameters_finds_words_and_a_text_that_is_no_search_is_refused()
    {
        await using var sf = await Start();
        await sf.Create("Contact", """{ "LastName": "Ruiz", "Phone": "208-555-0100" }""");
        var found = (await sf.Get($"{Root}/parameterizedSearch?q=208&in=PHONE&sobject=Contact&Contact.fields=Id,LastName&Contact.limit=5")).Expect(200).Json.GetProperty("searchRecords");
        Assert.Equal("Ruiz", found[0].GetProperty("LastName").GetString());
        Assert.Equal("MALFORMED_SEARCH", Code((await sf.Get($"{Root}/search?q=SELECT")).Expect(400)));
    }

    [Fact]
    public async Task A_post_may_say_which_verb_it_means()
    {
        await using var sf = await Start();
        var id = await sf.Create("Account", """{ "Name": "A" }""");
        (await sf.Post($"{Root}/sobjects/Account/{id}?_HttpMethod=PATCH", """{ "Name": "B" }""")).Expect(204);
        Assert.Equal(["B"], await sf.Values("SELECT Name FROM Account", "Name"));
    }

    [Fact]
    public async Task Bodies_that_come_in_pieces_are_read_whole()
    {
        await using var sf = await Start();
        var job = (await sf.Post($"{Root}/jobs/ingest", """{ "object": "Contact", "operation": "insert", "contentType": "CSV", "lineEnding": "LF" }""")).Expect(200).Json.GetProperty("id").GetString();
        (await InPiecesAsync(HttpMethod.Post, $"{Root}/sobjects/Contact", "application/json", """{ "LastName": "In pieces" }""")).Expect(201);
        (await InPiecesAsync(HttpMethod.Put, $"{Root}/jobs/ingest/{job}/batches", "text/csv", "LastName\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"Row {i}\n")))).Expect(201);
        (await sf.Patch($"{Root}/jobs/ingest/{job}", """{ "state": "UploadComplete" }""")).Expect(200);
        Assert.Equal("JobComplete", (await sf.Get($"{Root}/jobs/ingest/{job}")).Expect(200).Json.GetProperty("state").GetString());
        Assert.Equal(501, (await sf.Query("SELECT COUNT() FROM Contact")).Expect(200).Json.GetProperty("totalSize").GetInt32());

        async Task<HttpReply> InPiecesAsync(HttpMethod method, string path, string type, string body)
        {
            using var request = new HttpRequestMessage(method, path) { Content = new StreamContent(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(body)), bufferSize: 16) };
            request.Headers.Authorization = new("Bearer", sf.Token);
            request.Headers.TransferEncodingChunked = true;
            request.Content.Headers.ContentType = new(type);
            return await HttpReply.Of(await sf.Http.SendAsync(request));
        }
    }

    [Fact]
    public async Task Packed_bodies_are_read_and_long_answers_packed_for_who_asks()
    {
        await using var sf = await Start();
        using var packed = new MemoryStream();
        using (var zip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Compress, leaveOpen: true))
        {
            zip.Write(JsonSerializer.SerializeToUtf8Bytes(new { LastName = new string('x', 80), Description = new string('y', 20_000) }));
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Root}/sobjects/Contact") { Content = new ByteArrayContent(packed.ToArray()) };
        request.Headers.Authorization = new("Bearer", sf.Token);
        request.Content.Headers.ContentEncoding.Add("gzip");
        request.Content.Headers.ContentType = new("application/json");
        (await HttpReply.Of(await sf.Http.SendAsync(request))).Expect(201);
        var answer = await sf.Query("SELECT Description FROM Contact", ("Accept-Encoding", "gzip"));
        Assert.Equal("gzip", answer.Header("Content-Encoding"));
        Assert.Null((await sf.Query("SELECT Description FROM Contact")).Header("Content-Encoding"));
    }
}
