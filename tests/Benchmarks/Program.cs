return WorkflowEngine.Benchmarks.Compiler.CompilerBenchmark.Run(System.Console.Out);
